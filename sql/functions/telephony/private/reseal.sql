-- Puts the same secret there under another key, unless somebody was first: false when the row is not what was read. So two
-- rotations at once, or a customer who connects anew meanwhile, lose nothing.
--
-- Locks: the row.
create or replace function private.reseal(
    p_table_name text, p_org_id uuid, p_id uuid, p_old_key_version integer, p_old_sealed text, p_sealed text,
    p_key_version integer)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_old constant bytea := decode(p_old_sealed, 'base64');
    v_new constant bytea := decode(p_sealed, 'base64');
begin
    case p_table_name
        when 'oauth_flows' then
            update private.oauth_flows f set encrypted_verifier = v_new, key_version = p_key_version
            where f.org_id = p_org_id and f.id = p_id and f.used_at is null
              and f.encrypted_verifier = v_old and f.key_version = p_old_key_version;
        when 'org_credentials' then
            update private.org_credentials c set encrypted_config = v_new, key_version = p_key_version
            where c.org_id = p_org_id and c.id = p_id
              and c.encrypted_config = v_old and c.key_version = p_old_key_version;
        when 'twilio_subaccounts' then
            update private.twilio_subaccounts s set encrypted_token = v_new, key_version = p_key_version
            where s.org_id = p_org_id and s.org_id = p_id
              and s.encrypted_token = v_old and s.key_version = p_old_key_version;
    end case;
    return found;
end
$$;

revoke execute on function private.reseal(text, uuid, uuid, integer, text, text, integer)
    from public, anon, authenticated, service_role;
grant execute on function private.reseal(text, uuid, uuid, integer, text, text, integer) to service_role;

-- A sealed secret of an organisation, and what it opens with: NULL where there is none. The server opens it when it acts.
create or replace function private.sealed_config(p_org_id uuid, p_provider text, p_type text)
returns private.sealed_config
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select row(p_org_id, p_provider, p_type, translate(encode(r.sealed, 'base64'), E'\n', ''), r.key_version)::private.sealed_config
    from (
        select c.encrypted_config as sealed, c.key_version
        from private.org_credentials c
        where c.org_id = p_org_id and c.provider = p_provider and c.type = p_type and c.encrypted_config is not null
        union all
        select s.encrypted_token, s.key_version
        from private.twilio_subaccounts s
        where s.org_id = p_org_id and p_provider = 'twilio' and p_type = 'subaccount'
    ) as r;
$$;

revoke execute on function private.sealed_config(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.sealed_config(uuid, text, text) to service_role;

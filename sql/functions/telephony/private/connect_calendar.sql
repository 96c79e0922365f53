-- Keeps a consent that was given: the sealed refresh token, and whose calendar it is. A new one replaces the old.
--
-- Each consent is a credential with an id of its own, so that what is learned late about the old one does not touch the
-- new. Another account's token is given back; the same account's is not, because at Google that would end the new one too.
--
-- Locks: the credential, the integration.
create or replace function private.connect_calendar(
    p_org_id uuid, p_provider text, p_email text, p_encrypted_config bytea, p_key_version integer, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_old private.org_credentials;
begin
    select * into v_old from private.org_credentials c
    where c.org_id = p_org_id and c.provider = p_provider and c.type = 'default'
    for update;
    insert into private.org_credentials as c (
        org_id, provider, type, encrypted_config, key_version, connected_email, is_active, last_verified_at, created_at,
        updated_at)
    values (p_org_id, p_provider, 'default', p_encrypted_config, p_key_version, p_email, true, p_now, p_now, p_now)
    on conflict on constraint org_credentials_one_of_a_type do update set
        id = excluded.id, encrypted_config = excluded.encrypted_config, key_version = excluded.key_version,
        connected_email = excluded.connected_email, is_active = true, last_verified_at = p_now, created_at = p_now,
        updated_at = p_now;

    perform private.note_integration(p_org_id, p_provider, 'connected', p_email, null, p_now);
    perform private.give_back_token(v_old, p_now);
end
$$;

revoke execute on function private.connect_calendar(uuid, text, text, bytea, integer, timestamptz)
    from public, anon, authenticated, service_role;

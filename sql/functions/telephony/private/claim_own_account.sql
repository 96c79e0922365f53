-- Keeps the keys of an organisation's own Twilio account, sealed, for a connection to come: nothing uses them yet, and from
-- here on no number is sold to it (private.claim_direction()).
--
-- Locks: the caller holds the wallet; then the credentials' key.
--
-- Raises 409 integration_connected, 409 managed_numbers_live.
create or replace function private.claim_own_account(
    p_org_id uuid, p_account_sid text, p_phone_number text, p_encrypted_config bytea, p_key_version integer,
    p_now timestamptz
)
returns private.org_credentials
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_credential private.org_credentials;
begin
    if exists (select from public.managed_phone_numbers n where n.org_id = p_org_id and n.status in ('provisioning', 'active')) then
        perform private.fail('managed_numbers_live');
    end if;
    insert into private.org_credentials as c (
        org_id, provider, type, encrypted_config, key_version, account_sid, phone_number, is_active, created_at, updated_at)
    values (
        p_org_id, 'twilio', 'default', p_encrypted_config, p_key_version, p_account_sid, p_phone_number, false, p_now, p_now)
    on conflict on constraint org_credentials_one_of_a_type do nothing
    returning c.* into v_credential;
    if v_credential.id is null then
        perform private.fail('integration_connected');
    end if;
    return v_credential;
end
$$;

revoke execute on function private.claim_own_account(uuid, text, text, bytea, integer, timestamptz)
    from public, anon, authenticated, service_role;

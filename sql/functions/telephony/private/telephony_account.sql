-- Whose Twilio account acts for an organisation that wants something only an account can do.
--
-- Raises 409 telephony_not_configured.
create or replace function private.telephony_account(p_org_id uuid)
returns private.telephony_account
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_account constant private.telephony_account := private.telephony_account_of(p_org_id);
begin
    if v_account.sid is null then
        perform private.fail('telephony_not_configured');
    end if;
    return v_account;
end
$$;

revoke execute on function private.telephony_account(uuid) from public, anon, authenticated, service_role;

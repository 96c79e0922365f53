-- The work of public.connect_twilio(). Locks: the wallet, because every saga does; then the credentials' key.
--
-- Raises 422 account_sid_invalid, 400 phone_number_invalid, 422 premium_number, 422 invalid_value, 409 integration_busy,
-- 409 integration_connected, 409 managed_numbers_live, and what private.authorize() raises.
create or replace function private.connect_twilio(
    p_account_sid text, p_phone_number text, p_sealed text, p_key_version integer, p_now timestamptz default now()
)
returns public.operation
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.connect_twilio');
    v_saga private.sagas;
    v_credential private.org_credentials;
begin
    if p_account_sid is null or p_account_sid !~ '^AC[0-9a-f]{32}$' then
        perform private.fail('account_sid_invalid');
    elsif p_sealed is null or p_key_version is null then
        perform private.fail('invalid_value', jsonb_build_object('field', 'auth_token'));
    end if;
    perform private.check_phone_number(p_phone_number);

    perform private.lock_wallet(v_caller.org_id);
    v_saga := private.own_account_saga(v_caller.org_id);
    if v_saga.saga = 'connect_twilio' and v_saga.state = 'running'
       and v_saga.facts #>> '{account,sid}' = p_account_sid and v_saga.facts ->> 'phone_number' = p_phone_number then
        return private.saga_operation(v_saga);
    elsif v_saga.id is not null then
        perform private.fail('integration_busy');
    end if;

    v_credential := private.claim_own_account(
        v_caller.org_id, p_account_sid, p_phone_number, decode(p_sealed, 'base64'), p_key_version, p_now);
    return private.saga_operation(private.begin_saga(
        v_caller.org_id, 'connect_twilio', v_credential.id,
        jsonb_build_object(
            'credential_id', v_credential.id, 'name', 'voxanne:' || v_credential.id,
            'phone_number', p_phone_number, 'routing_direction', 'default',
            'account', row(v_caller.org_id, p_account_sid, 'default')::private.telephony_account),
        v_caller.user_id, p_now));
end
$$;

revoke execute on function private.connect_twilio(text, text, text, integer, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.connect_twilio(text, text, text, integer, timestamptz) to authenticated;

-- The work of public.disconnect_twilio(). Locks: the wallet, because every saga does; then what its first step locks.
--
-- Raises 404 integration_not_found, 409 integration_busy, and what private.authorize() raises.
create or replace function private.disconnect_twilio(p_now timestamptz default now())
returns public.operation
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.disconnect_twilio');
    v_saga private.sagas;
    v_credential private.org_credentials;
begin
    perform private.lock_wallet(v_caller.org_id);
    v_saga := private.own_account_saga(v_caller.org_id);
    if v_saga.saga = 'disconnect_twilio' then
        return private.saga_operation(v_saga);
    elsif v_saga.id is not null then
        perform private.fail('integration_busy');
    end if;

    select * into v_credential from private.org_credentials c
    where c.org_id = v_caller.org_id and c.provider = 'twilio' and c.type = 'default';
    if not found then
        perform private.fail('integration_not_found');
    end if;
    return private.saga_operation(private.begin_saga(
        v_caller.org_id, 'disconnect_twilio', v_credential.id,
        jsonb_build_object(
            'credential_id', v_credential.id, 'name', 'voxanne:' || v_credential.id,
            'phone_number', v_credential.phone_number, 'vapi_phone_id', v_credential.vapi_phone_id,
            'vapi_credential_id', v_credential.vapi_credential_id,
            'account', row(v_caller.org_id, v_credential.account_sid, 'default')::private.telephony_account),
        v_caller.user_id, p_now));
end
$$;

revoke execute on function private.disconnect_twilio(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.disconnect_twilio(timestamptz) to authenticated;

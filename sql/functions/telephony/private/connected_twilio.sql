-- The work of public.connected_twilio().
--
-- Raises 404 operation_not_found, 422 twilio_credentials_wrong, 422 twilio_account_inactive, 422 number_not_in_account,
-- 409 twilio_account_taken, 409 number_taken, 502 vapi_refused_number, 502 provider_refused, and what private.authorize() raises.
create or replace function private.connected_twilio(p_operation_id uuid)
returns public.integration_state
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.connected_twilio');
    v_saga private.sagas;
begin
    select * into v_saga from private.sagas s
    where s.org_id = v_caller.org_id and s.id = p_operation_id and s.saga = 'connect_twilio';
    if not found then
        perform private.fail('operation_not_found');
    end if;
    case v_saga.error_code
        when 'twilio_credentials_wrong' then perform private.fail('twilio_credentials_wrong');
        when 'twilio_account_inactive' then perform private.fail('twilio_account_inactive');
        when 'number_not_in_account' then perform private.fail('number_not_in_account');
        when 'twilio_account_taken' then perform private.fail('twilio_account_taken');
        when 'number_taken' then perform private.fail('number_taken');
        when 'vapi_refused_number' then perform private.fail('vapi_refused_number');
        else
            if v_saga.error_code is not null then
                perform private.fail('provider_refused');
            end if;
    end case;
    return private.twilio_integration(v_caller.org_id);
end
$$;

revoke execute on function private.connected_twilio(uuid) from public, anon, authenticated, service_role;
grant execute on function private.connected_twilio(uuid) to authenticated;

-- The work of public.provisioned_number().
--
-- Raises 404 operation_not_found, 422 twilio_account_inactive, 409 number_unavailable, 422 number_invalid,
-- 409 country_requirements_unmet, 409 number_taken, 502 vapi_refused_number, 502 provider_refused, and what private.authorize() raises.
create or replace function private.provisioned_number(p_operation_id uuid)
returns public.managed_number
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.provisioned_number');
    v_saga private.sagas;
begin
    select * into v_saga from private.sagas s
    where s.org_id = v_caller.org_id and s.id = p_operation_id and s.saga = 'provision_number';
    if not found then
        perform private.fail('operation_not_found');
    end if;
    case v_saga.error_code
        when 'twilio_account_inactive' then perform private.fail('twilio_account_inactive');
        when 'number_unavailable' then perform private.fail('number_unavailable');
        when 'number_invalid' then perform private.fail('number_invalid');
        when 'country_requirements_unmet' then perform private.fail('country_requirements_unmet');
        when 'number_taken' then perform private.fail('number_taken');
        when 'vapi_refused_number' then perform private.fail('vapi_refused_number');
        else
            if v_saga.error_code is not null then
                perform private.fail('provider_refused');
            end if;
    end case;
    return private.managed_number(n) from public.managed_phone_numbers n
           where n.org_id = v_caller.org_id and n.id = v_saga.subject_id;
end
$$;

revoke execute on function private.provisioned_number(uuid) from public, anon, authenticated, service_role;
grant execute on function private.provisioned_number(uuid) to authenticated;

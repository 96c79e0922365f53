-- What came of asking Twilio for a verification: the number was verified before, or its phone is being called. The code
-- itself is sealed in the effect's result, which the server opens for whoever asked. NULLs while Twilio has not answered.
--
-- Raises 404 operation_not_found, 422 phone_number_refused, 409 caller_id_blocked, 502 provider_refused.
create or replace function private.initiation_answer(p_org_id uuid, p_operation_id uuid)
returns public.caller_id_initiation
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer public.caller_id_initiation;
    v_done private.effects_done;
begin
    select * into v_done from private.effects_done d
    where d.org_id = p_org_id and d.id = p_operation_id and d.kind = 'twilio.request_caller_id';
    if not found then
        if (private.telephony_operation(p_org_id, p_operation_id)).kind is distinct from 'twilio.request_caller_id' then
            perform private.fail('operation_not_found');
        end if;
        return v_answer;
    end if;
    case v_done.result ->> 'refused'
        when 'phone_number_refused' then perform private.fail('phone_number_refused');
        when 'caller_id_blocked' then perform private.fail('caller_id_blocked');
        else
            if v_done.outcome <> 'done' or v_done.result ? 'refused' then
                perform private.fail('provider_refused');
            end if;
    end case;
    v_answer := (
        true, (v_done.payload ->> 'caller_id')::uuid, v_done.result ->> 'call_sid', null,
        case when v_done.result ->> 'caller_id_sid' is not null
            then 'This number was verified with Twilio already. It is ready to use.'
            else 'We are calling this number now. Enter the code on its keypad when asked, then confirm.' end);
    return v_answer;
end
$$;

revoke execute on function private.initiation_answer(uuid, uuid) from public, anon, authenticated, service_role;

-- What Twilio's list said of a number that was to be confirmed. NULLs while Twilio has not answered.
--
-- Raises 404 operation_not_found, 409 not_yet_confirmed, 502 provider_refused.
create or replace function private.confirmation_answer(p_org_id uuid, p_operation_id uuid)
returns public.caller_id_confirmation
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_answer public.caller_id_confirmation;
    v_done private.effects_done;
begin
    select * into v_done from private.effects_done d
    where d.org_id = p_org_id and d.id = p_operation_id and d.kind = 'twilio.find_caller_id';
    if not found then
        if (private.telephony_operation(p_org_id, p_operation_id)).kind is distinct from 'twilio.find_caller_id' then
            perform private.fail('operation_not_found');
        end if;
        return v_answer;
    elsif v_done.outcome <> 'done' or v_done.result ? 'refused' then
        perform private.fail('provider_refused');
    elsif v_done.result ->> 'caller_id_sid' is null then
        perform private.fail('not_yet_confirmed');
    end if;
    v_answer := (true, 'Your number is verified.', v_done.result ->> 'caller_id_sid');
    return v_answer;
end
$$;

revoke execute on function private.confirmation_answer(uuid, uuid) from public, anon, authenticated, service_role;

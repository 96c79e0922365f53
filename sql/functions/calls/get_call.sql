-- All there is to read of one call of the caller's organisation: what it cost, what came of it, which tools ran, and what
-- was said and sent, in order.
--
-- Raises 404 call_not_found, and what private.authorize() raises.
create or replace function public.get_call(p_call_id uuid)
returns public.call_detail
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.get_call');
    v_call public.calls;
    v_answer public.call_detail;
begin
    select * into v_call from public.calls c where c.org_id = v_caller.org_id and c.id = p_call_id;
    if not found then
        perform private.fail('call_not_found');
    end if;

    v_answer := jsonb_populate_record(null::public.call_detail, to_jsonb(v_call) - '{turns,transcript}'::text[]);
    v_answer.transcript := v_call.transcript;
    v_answer.has_recording := private.has_recording(v_call);
    v_answer.has_transcript := coalesce(octet_length(v_call.transcript) > 0, false);
    v_answer.agent_name := (select a.name from public.agents a where a.org_id = v_call.org_id and a.id = v_call.agent_id);
    v_answer.appointment := (
        select (a.id, a.title, a.scheduled_at, a.duration_minutes, a.status, p.name, s.name)::public.call_appointment
        from public.appointments a
        left join public.practitioners p on p.org_id = a.org_id and p.id = a.practitioner_id
        left join public.services s on s.org_id = a.org_id and s.id = a.service_id
        where a.org_id = v_call.org_id and a.id = v_call.appointment_id);
    v_answer.tools := private.tools_of_call(p_call_id);
    v_answer.timeline := private.call_timeline(v_call);
    return v_answer;
end
$$;

revoke execute on function public.get_call(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_call(uuid) to authenticated;

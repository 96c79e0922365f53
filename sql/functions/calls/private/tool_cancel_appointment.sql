-- Cancels an appointment of the caller's; asked again in the same call, it is cancelled already. What does not match the
-- caller's number, or name and day, is asked for again and nothing of it is told.
--
-- Locks: as private.cancel_appointment().
create or replace function private.tool_cancel_appointment(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_meant constant public.appointments[] := array(select a from private.appointments_meant(p_call, p_arguments, p_now) as a);
    v_before text;
begin
    if cardinality(v_meant) <> 1 then
        select r.result into v_before from private.tool_runs r
        where cardinality(v_meant) = 0 and r.org_id = p_call.org_id and r.call_id = p_call.id and r.tool_name = 'cancelAppointment' and r.ok
          and r.arguments = private.redact_call_json(p_call.org_id, p_arguments)
        order by r.created_at desc limit 1;
        if v_before is null then
            return private.ask_which(p_call, v_meant);
        end if;
        return (v_before, true)::private.tool_answer;
    end if;
    return private.booking_answer(
        p_call, private.cancel_appointment(p_call.org_id, (v_meant[1]).id, p_now), (v_meant[1]).scheduled_at, 'cancelled');
end
$$;

revoke execute on function private.tool_cancel_appointment(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;

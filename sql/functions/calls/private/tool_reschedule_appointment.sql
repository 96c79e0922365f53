-- Moves an appointment of the caller's to another time. What does not match the caller's number, or name and day, is asked
-- for again and nothing of it is told.
--
-- Locks: as private.reschedule_appointment().
create or replace function private.tool_reschedule_appointment(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_meant public.appointments[] := array(select a from private.appointments_meant(p_call, p_arguments, p_now) as a);
    v_moment constant private.clinic_moment := private.said_moment(
        p_call,
        private.tool_argument(p_arguments, 'newdate', 'newday', 'newdatetime', 'newappointmentdate', 'preferreddate', 'newstart'),
        private.tool_argument(p_arguments, 'newtime', 'newappointmenttime', 'preferredtime'), p_now);
begin
    if cardinality(v_meant) > 1 and v_moment.at = any (select u.scheduled_at from unnest(v_meant) as u) then
        v_meant := array(select u from unnest(v_meant) as u where u.scheduled_at = v_moment.at limit 1);
    end if;
    if cardinality(v_meant) <> 1 then
        return private.ask_which(p_call, v_meant);
    elsif v_moment.problem is not null then
        return (private.moment_trouble(p_call, v_moment, (v_meant[1]).service_id, (v_meant[1]).practitioner_id, p_now), false)::private.tool_answer;
    end if;
    return private.booking_answer(
        p_call, private.reschedule_appointment(p_call.org_id, (v_meant[1]).id, v_moment.at, p_now), v_moment.at, 'rescheduled');
end
$$;

revoke execute on function private.tool_reschedule_appointment(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;

-- Puts an appointment that is held to another time, with whom and for as long as p_visit says; what is written beside it
-- comes from p_appointment. The old slot is free with the same commit. What was sent to the patient spoke of the old time:
-- confirmation and reminder are due anew.
--
-- Answers `booked`, or why not, with the nearest free slots and the appointment as it stays.
--
-- Locks: the days (private.lock_days), the appointment, events last.
create or replace function private.move_appointment(
    p_appointment public.appointments, p_visit private.visit, p_starts_at timestamptz, p_now timestamptz
)
returns private.booking
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_place record;
    v_moved public.appointments;
begin
    perform private.lock_days(p_visit, p_starts_at);
    for v_try in 1 .. 32 loop
        select * into v_place from private.who_can_see(p_visit, p_starts_at, p_now);
        exit when v_place.outcome is not null;
        begin
            update public.appointments a set
                practitioner_id = v_place.practitioner_id, service_id = p_appointment.service_id,
                title = p_appointment.title, notes = p_appointment.notes, status = 'scheduled', scheduled_at = p_starts_at,
                duration_minutes = p_visit.minutes, buffer_minutes = p_visit.buffer,
                busy_until = p_starts_at + make_interval(mins => p_visit.minutes + p_visit.buffer),
                confirmation_sent = false, reminder_sent_at = null, updated_at = p_now
            where a.org_id = p_appointment.org_id and a.id = p_appointment.id
            returning a.* into v_moved;
            perform private.tell_appointment('appointment.moved', v_moved);
            return ('booked', v_moved, '{}')::private.booking;
        exception when exclusion_violation then
            null;
        end;
    end loop;
    select * into v_moved from public.appointments a where a.org_id = p_appointment.org_id and a.id = p_appointment.id;
    return private.not_booked(coalesce(v_place.outcome, 'taken'), p_visit, p_starts_at, v_moved, p_now);
end
$$;

revoke execute on function private.move_appointment(public.appointments, private.visit, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;

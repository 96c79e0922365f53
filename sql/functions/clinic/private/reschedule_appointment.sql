-- Moves an appointment to another time: `booked`; `already`, when that is its time; `taken`, `closed` or `past`, with the
-- appointment as it stays and the three free slots nearest to the time.
--
-- It stays with whoever has it, unless that one sees patients no longer, or nobody in particular has it though the clinic has
-- practitioners now: then whoever is free. It stays as long as it is. The audit keeps where it was.
--
-- Locks: the days of the diary, the appointment; events last.
--
-- Raises 404 appointment_not_found, 409 appointment_over.
create or replace function private.reschedule_appointment(
    p_org_id uuid, p_appointment_id uuid, p_starts_at timestamptz, p_now timestamptz default now()
)
returns private.booking
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_appointment public.appointments;
    v_visit private.visit;
begin
    select a.org_id, p.id, a.duration_minutes, a.buffer_minutes, a.id into v_visit
    from public.appointments a
    left join public.practitioners p on p.org_id = a.org_id and p.id = a.practitioner_id and p.is_active
    where a.org_id = p_org_id and a.id = p_appointment_id;
    if not found then
        perform private.fail('appointment_not_found');
    end if;
    perform private.lock_days(v_visit, p_starts_at);
    select * into strict v_appointment from public.appointments a
    where a.org_id = p_org_id and a.id = p_appointment_id
    for update;

    if v_appointment.status not in ('scheduled', 'confirmed') then
        perform private.fail('appointment_over');
    elsif v_appointment.scheduled_at = p_starts_at then
        return ('already', v_appointment, '{}')::private.booking;
    elsif v_appointment.scheduled_at <= p_now then
        perform private.fail('appointment_over');
    end if;
    return private.move_appointment(v_appointment, v_visit, p_starts_at, p_now);
end
$$;

revoke execute on function private.reschedule_appointment(uuid, uuid, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;

-- Writes an appointment into the diary, or nothing when its time or its key has just been taken: the exclusion constraint
-- decides. Waits for whoever is writing there at the same moment, and raises nothing.
create or replace function private.enter_appointment(p_appointment public.appointments, p_now timestamptz)
returns public.appointments
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_appointment public.appointments;
begin
    insert into public.appointments as a (
        org_id, contact_id, practitioner_id, service_id, title, notes, scheduled_at, duration_minutes, buffer_minutes,
        busy_until, call_id, vapi_call_id, idempotency_key, created_at, updated_at)
    select p_appointment.org_id, p_appointment.contact_id, p_appointment.practitioner_id, p_appointment.service_id,
           p_appointment.title, p_appointment.notes, p_appointment.scheduled_at, p_appointment.duration_minutes,
           p_appointment.buffer_minutes,
           p_appointment.scheduled_at
               + make_interval(mins => p_appointment.duration_minutes + p_appointment.buffer_minutes),
           p_appointment.call_id, p_appointment.vapi_call_id, p_appointment.idempotency_key, p_now, p_now
    on conflict do nothing
    returning a.* into v_appointment;
    return v_appointment;
end
$$;

revoke execute on function private.enter_appointment(public.appointments, timestamptz)
    from public, anon, authenticated, service_role;

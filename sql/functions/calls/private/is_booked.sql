-- Whether a call ended with a booking: an appointment came of it that was not cancelled before it was over; or, where there is
-- none in the diary, a tool said that it had booked one.
create or replace function private.is_booked(p_call public.calls, p_appointment public.appointments)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case
        when p_appointment.id is not null then p_appointment.status <> 'cancelled'
            or coalesce(p_appointment.updated_at > p_call.ended_at + interval '1 minute', false)
        else exists (
            select from private.tool_runs r
            where r.org_id = p_call.org_id and r.call_id = p_call.id
              and r.tool_name = 'bookClinicAppointment' and r.ok)
    end;
$$;

revoke execute on function private.is_booked(public.calls, public.appointments)
    from public, anon, authenticated, service_role;

-- What follows from a new appointment: its contact is booked, its call names it, open screens hear of it.
--
-- The caller holds the call and the contact.
create or replace function private.note_booking(p_appointment public.appointments, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.calls c set appointment_id = p_appointment.id, updated_at = p_now
    where c.org_id = p_appointment.org_id and c.id = p_appointment.call_id;
    update public.contacts c set lead_status = 'booked', updated_at = p_now
    where c.org_id = p_appointment.org_id and c.id = p_appointment.contact_id and c.lead_status <> 'booked';
    perform private.tell_appointment('appointment.booked', p_appointment);
end
$$;

revoke execute on function private.note_booking(public.appointments, timestamptz)
    from public, anon, authenticated, service_role;

-- Tells the organisation's open screens what became of an appointment: appointment.booked, .moved or .cancelled.
create or replace function private.tell_appointment(p_kind text, p_appointment public.appointments)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.emit_event(p_appointment.org_id, p_kind, jsonb_build_object(
        'id', p_appointment.id, 'scheduled_at', p_appointment.scheduled_at, 'status', p_appointment.status,
        'contact_id', p_appointment.contact_id, 'practitioner_id', p_appointment.practitioner_id,
        'service_id', p_appointment.service_id, 'call_id', p_appointment.call_id));
$$;

revoke execute on function private.tell_appointment(text, public.appointments)
    from public, anon, authenticated, service_role;

-- An appointment as it is wished for, before anybody is found for it. Its title is the service's name, unless another is given.
create or replace function private.wished_appointment(
    p_visit private.visit, p_contact_id uuid, p_starts_at timestamptz, p_service_id uuid, p_call public.calls,
    p_title text, p_notes text
)
returns public.appointments
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wish public.appointments;
begin
    v_wish.org_id := p_visit.org_id;
    v_wish.contact_id := p_contact_id;
    v_wish.service_id := p_service_id;
    v_wish.scheduled_at := p_starts_at;
    v_wish.duration_minutes := p_visit.minutes;
    v_wish.buffer_minutes := p_visit.buffer;
    v_wish.call_id := p_call.id;
    v_wish.vapi_call_id := p_call.vapi_call_id;
    v_wish.title := coalesce(
        nullif(left(btrim(p_title), 200), ''),
        (select s.name from public.services s where s.org_id = p_visit.org_id and s.id = p_service_id),
        'Appointment');
    v_wish.notes := nullif(left(btrim(p_notes), 5000), '');
    return v_wish;
end
$$;

revoke execute on function private.wished_appointment(
    private.visit, uuid, timestamptz, uuid, public.calls, text, text) from public, anon, authenticated, service_role;

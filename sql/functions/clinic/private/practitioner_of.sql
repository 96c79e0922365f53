-- Who has an appointment; NULL when there is none of that id, or it is nobody's.
create or replace function private.practitioner_of(p_org_id uuid, p_appointment_id uuid)
returns uuid
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select a.practitioner_id from public.appointments a where a.org_id = p_org_id and a.id = p_appointment_id;
$$;

revoke execute on function private.practitioner_of(uuid, uuid) from public, anon, authenticated, service_role;

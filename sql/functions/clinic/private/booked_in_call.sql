-- What a caller has booked for the same service in this call and may be thinking better of: the last, if it is still to come.
-- A wish without a service is for whatever was booked.
create or replace function private.booked_in_call(
    p_org_id uuid, p_call_id uuid, p_contact_id uuid, p_service_id uuid, p_now timestamptz
)
returns public.appointments
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select a.* from public.appointments a
    where a.org_id = p_org_id and a.call_id = p_call_id and a.contact_id is not distinct from p_contact_id
      and a.status in ('scheduled', 'confirmed') and a.scheduled_at > p_now
      and (a.service_id = p_service_id or a.service_id is null or p_service_id is null)
    order by a.created_at desc, a.id
    limit 1;
$$;

revoke execute on function private.booked_in_call(uuid, uuid, uuid, uuid, timestamptz)
    from public, anon, authenticated, service_role;

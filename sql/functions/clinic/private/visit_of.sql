-- What a service takes of a diary; without one, half an hour. A service that is no longer offered can still be booked by
-- whoever names it: callers are never led to one (private.service_of).
--
-- Raises 404 service_not_found, 404 practitioner_not_found.
create or replace function private.visit_of(p_org_id uuid, p_service_id uuid, p_practitioner_id uuid)
returns private.visit
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_service public.services;
begin
    if p_service_id is not null then
        select * into v_service from public.services s where s.org_id = p_org_id and s.id = p_service_id;
        if not found then
            perform private.fail('service_not_found');
        end if;
    end if;
    if p_practitioner_id is not null and not exists (
        select from public.practitioners p where p.org_id = p_org_id and p.id = p_practitioner_id)
    then
        perform private.fail('practitioner_not_found');
    end if;
    return (
        p_org_id, p_practitioner_id, coalesce(v_service.duration_minutes, 30), coalesce(v_service.buffer_minutes, 0), null
    )::private.visit;
end
$$;

revoke execute on function private.visit_of(uuid, uuid, uuid) from public, anon, authenticated, service_role;

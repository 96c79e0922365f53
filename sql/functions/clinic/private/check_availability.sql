-- When somebody can come to a clinic: the first p_limit free slots that begin from p_from on and before p_to.
--
-- Counts opening hours, closures, what is kept free behind appointments, and the appointments that stand. With no
-- practitioner named, a time is offered once, with whoever would be booked. What is offered can be booked until somebody
-- else takes it. Either end may be left open (NULL): from now on, and as far as the diary goes, four hundred days.
--
-- Raises 404 service_not_found, 404 practitioner_not_found.
create or replace function private.check_availability(
    p_org_id uuid, p_from timestamptz, p_to timestamptz, p_service_id uuid default null, p_practitioner_id uuid default null,
    p_limit integer default 20, p_now timestamptz default now()
)
returns setof private.free_slot
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select * from private.free_slots(
        private.visit_of(p_org_id, p_service_id, p_practitioner_id), p_from, p_to, p_limit, p_now);
end
$$;

revoke execute on function private.check_availability(uuid, timestamptz, timestamptz, uuid, uuid, integer, timestamptz)
    from public, anon, authenticated, service_role;

-- The p_count free slots nearest to a time, in the order of time: what a caller is offered in place of one that is not free.
--
-- Raises 404 service_not_found, 404 practitioner_not_found.
create or replace function private.nearest_slots(
    p_org_id uuid, p_at timestamptz, p_service_id uuid default null, p_practitioner_id uuid default null,
    p_count integer default 3, p_now timestamptz default now()
)
returns setof private.free_slot
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select * from private.nearest_free(
        private.visit_of(p_org_id, p_service_id, p_practitioner_id), p_at, p_count, p_now);
end
$$;

revoke execute on function private.nearest_slots(uuid, timestamptz, uuid, uuid, integer, timestamptz)
    from public, anon, authenticated, service_role;

-- The clock on an organisation's wall.
create or replace function private.zone_of(p_org_id uuid)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select o.timezone from public.organizations o where o.id = p_org_id;
$$;

revoke execute on function private.zone_of(uuid) from public, anon, authenticated, service_role;

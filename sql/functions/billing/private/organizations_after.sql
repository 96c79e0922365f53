-- The organisations in their order, from the one after p_after on: for whoever goes through all of them one at a time.
create or replace function private.organizations_after(p_after uuid default null, p_limit integer default 1000)
returns setof uuid
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select o.id from public.organizations o where p_after is null or o.id > p_after order by o.id limit p_limit;
$$;

revoke execute on function private.organizations_after(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.organizations_after(uuid, integer) to service_role;

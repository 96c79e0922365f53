-- What does not add up, of every organisation; no row when all is well: see the private function.
create or replace function public.reconcile_all()
returns table (org_id uuid, check_name text, expected text, found text, drift bigint, detail text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select * from private.reconcile_all();
$$;

revoke execute on function public.reconcile_all() from public, anon, authenticated, service_role;
grant execute on function public.reconcile_all() to service_role;

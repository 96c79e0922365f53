-- The questions about an organisation's money whose answer is always zero, a row each: see the private function.
--
-- Raises 404 organization_not_found.
create or replace function public.reconcile_wallet(p_org_id uuid)
returns table (check_name text, expected text, found text, drift bigint, detail text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select * from private.reconcile_wallet(p_org_id);
$$;

revoke execute on function public.reconcile_wallet(uuid) from public, anon, authenticated, service_role;
grant execute on function public.reconcile_wallet(uuid) to service_role;

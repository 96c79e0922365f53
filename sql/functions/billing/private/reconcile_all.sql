-- What does not add up, of every organisation, one after the other; no row when all is well. See
-- private.reconcile_wallet().
--
-- It walks every ledger in one statement: on a large database the nightly round, or `voxanne reconcile`, takes them one
-- at a time.
create or replace function private.reconcile_all()
returns table (org_id uuid, check_name text, expected text, found text, drift bigint, detail text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select o.id, r.check_name, r.expected, r.found, r.drift, r.detail
    from (select o.id from public.organizations o order by o.id) as o
    cross join lateral private.reconcile_wallet(o.id) as r
    where r.drift <> 0;
$$;

revoke execute on function private.reconcile_all() from public, anon, authenticated, service_role;
grant execute on function private.reconcile_all() to service_role;

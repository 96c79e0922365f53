-- The next live events of all organisations after a cursor, for the one reader a process has.
--
-- Only below the oldest transaction still running: everything there is decided, so nothing can yet appear behind a
-- cursor that has moved on. A transaction left open therefore delays live events, and loses none.
create or replace function private.events_after(p_xid xid8, p_id bigint, p_limit integer)
returns table (xid xid8, id bigint, org_id uuid, kind text, payload jsonb, created_at timestamptz)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select e.xid, e.id, e.org_id, e.kind, e.payload, e.created_at
    from private.events e
    where (e.xid, e.id) > (p_xid, p_id) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.id
    limit p_limit;
$$;

revoke execute on function private.events_after(xid8, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function private.events_after(xid8, bigint, integer) to service_role;

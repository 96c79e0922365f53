-- Between which transactions a cursor can be resumed: after `horizon`, whose events were dropped, and not after `head`,
-- beyond which this database has yet to come (a cursor from there belongs to another database, or to one restored).
--
-- `start` is where reading begins for who has no cursor: everything before it is decided.
create or replace function private.event_bounds()
returns table (horizon xid8, start xid8, head xid8)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce((select h.xid from private.event_horizon h), '0'::xid8),
           pg_snapshot_xmin(pg_current_snapshot()),
           pg_snapshot_xmax(pg_current_snapshot());
$$;

revoke execute on function private.event_bounds() from public, anon, authenticated, service_role;
grant execute on function private.event_bounds() to service_role;

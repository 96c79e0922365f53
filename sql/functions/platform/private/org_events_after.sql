-- One organisation's stored live events after a cursor and up to another, for a screen that comes back.
create or replace function private.org_events_after(
    p_org_id uuid, p_xid xid8, p_id bigint, p_upto_xid xid8, p_upto_id bigint, p_limit integer)
returns table (xid xid8, id bigint, org_id uuid, kind text, payload jsonb, created_at timestamptz)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select e.xid, e.id, e.org_id, e.kind, e.payload, e.created_at
    from private.events e
    where e.org_id = p_org_id
      and (e.xid, e.id) > (p_xid, p_id) and (e.xid, e.id) <= (p_upto_xid, p_upto_id)
      and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.id
    limit p_limit;
$$;

revoke execute on function private.org_events_after(uuid, xid8, bigint, xid8, bigint, integer)
    from public, anon, authenticated, service_role;
grant execute on function private.org_events_after(uuid, xid8, bigint, xid8, bigint, integer) to service_role;

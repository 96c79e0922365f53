-- The counts of an organisation's calls between two beginnings of quarters: what is folded, and what is yet to be. One
-- snapshot sees each call once.
create or replace function private.counted_calls(p_org_id uuid, p_from timestamptz, p_to timestamptz)
returns setof private.call_quarters
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select q.* from private.call_quarters q
    where q.org_id = p_org_id and q.quarter >= p_from and q.quarter < p_to
    union all
    select d.org_id, d.quarter, d.direction, d.calls, d.completed, d.booked, d.seconds, d.timed, d.sentiment, d.felt,
           d.value_pence, d.connected, d.engaged
    from private.call_deltas d
    where d.org_id = p_org_id and d.quarter >= p_from and d.quarter < p_to;
$$;

revoke execute on function private.counted_calls(uuid, timestamptz, timestamptz) from public, anon, authenticated, service_role;

-- The counts of an organisation's calls between two beginnings of months in UTC: what is folded, and what is yet to be.
create or replace function private.counted_months(p_org_id uuid, p_from timestamptz, p_to timestamptz)
returns setof private.call_months
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select m.* from private.call_months m
    where m.org_id = p_org_id and m.month >= p_from and m.month < p_to
    union all
    select d.org_id, d.quarter, d.direction, d.calls, d.completed, d.booked, d.seconds, d.timed, d.sentiment, d.felt,
           d.value_pence, d.connected, d.engaged
    from private.call_deltas d
    where d.org_id = p_org_id and d.quarter >= p_from and d.quarter < p_to;
$$;

revoke execute on function private.counted_months(uuid, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;

-- Where an organisation's counts of calls and its calls disagree, from p_from on: what is missing in the counts, a row for
-- each quarter and direction. None where they agree.
--
-- It reads the calls themselves, in one snapshot with the counts: exact at any moment, whatever happens beside it.
create or replace function private.call_count_drift(p_org_id uuid, p_from timestamptz default '-infinity')
returns setof private.call_quarters
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select p_org_id, b.quarter, b.direction, sum(b.calls), sum(b.completed), sum(b.booked), sum(b.seconds), sum(b.timed),
           sum(b.sentiment), sum(b.felt), sum(b.value_pence), sum(b.connected), sum(b.engaged)
    from (
        select private.quarter_of(c.created_at) as quarter, c.call_direction as direction, k.*
        from public.calls c
        cross join lateral private.count_of_call(c) as k
        where c.org_id = p_org_id and c.created_at >= private.quarter_of(p_from)
        union all
        select q.quarter, q.direction, -q.calls, -q.completed, -q.connected, -q.engaged, -q.booked, -q.seconds, -q.timed,
               -q.sentiment, -q.felt, -q.value_pence
        from private.counted_calls(p_org_id, private.quarter_of(p_from), 'infinity') q
    ) as b
    group by b.quarter, b.direction
    having (sum(b.calls), sum(b.completed), sum(b.booked), sum(b.seconds), sum(b.timed), sum(b.sentiment), sum(b.felt),
            sum(b.value_pence), sum(b.connected), sum(b.engaged)) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
$$;

revoke execute on function private.call_count_drift(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.call_count_drift(uuid, timestamptz) to service_role;

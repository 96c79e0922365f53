-- The counts of an organisation's calls between two beginnings of quarters, added up; live_calls is left to the caller.
create or replace function private.summed_calls(p_org_id uuid, p_from timestamptz, p_to timestamptz)
returns public.call_stats
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select (
        coalesce(sum(q.calls), 0),
        coalesce(sum(q.calls) filter (where q.direction = 'inbound'), 0),
        coalesce(sum(q.calls) filter (where q.direction = 'outbound'), 0),
        coalesce(sum(q.completed), 0),
        null,
        coalesce(sum(q.booked), 0),
        round(sum(q.sentiment) / nullif(sum(q.felt), 0), 3),
        round(sum(q.seconds) / nullif(sum(q.timed), 0)),
        coalesce(round(100.0 * sum(q.booked) filter (where q.direction = 'inbound')
            / nullif(sum(q.calls) filter (where q.direction = 'inbound'), 0), 1), 0),
        coalesce(sum(q.value_pence), 0)
    )::public.call_stats
    from private.counted_calls(p_org_id, p_from, p_to) q;
$$;

revoke execute on function private.summed_calls(uuid, timestamptz, timestamptz) from public, anon, authenticated, service_role;

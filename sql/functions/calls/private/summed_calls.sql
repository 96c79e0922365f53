-- The counts of an organisation's calls between two beginnings of quarters, added up; live_calls is left to the caller.
--
-- Whole months are read as months, and quarters at both ends alone: nobody waits longer for years than for a day.
create or replace function private.summed_calls(p_org_id uuid, p_from timestamptz, p_to timestamptz)
returns public.call_stats
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_first constant timestamptz := case when date_trunc('month', p_from, 'UTC') = p_from then p_from
        else (date_trunc('month', p_from at time zone 'UTC') + interval '1 month') at time zone 'UTC' end;
    v_last constant timestamptz := greatest(date_trunc('month', p_to, 'UTC'), v_first);
begin
    return (
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
        from (
            select b.* from private.counted_calls(p_org_id, p_from, least(v_first, p_to)) b
            union all
            select m.* from private.counted_months(p_org_id, v_first, v_last) m
            union all
            select e.* from private.counted_calls(p_org_id, v_last, p_to) e) as q);
end
$$;

revoke execute on function private.summed_calls(uuid, timestamptz, timestamptz) from public, anon, authenticated, service_role;

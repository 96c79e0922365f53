-- The prepaid engine in figures: the 24 hours before p_now, and what stands now. private.billing_metrics and Prometheus
-- read it.
--
-- A hold lasts from admission to settlement; what is released is what was held beyond the charge. A hang-up is late by
-- how much later than due its order was taken. Every figure is there whatever happened, so that nothing old stays on a
-- dashboard.
create or replace function private.measure_billing(p_now timestamptz default now())
returns table (metric text, label text, value double precision)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with settled as (
        select count(*) as calls, coalesce(sum(r.renewals), 0) as renewals,
               coalesce(avg(extract(epoch from r.settled_at - r.created_at)), 0) as seconds,
               coalesce(max(extract(epoch from r.settled_at - r.created_at)), 0) as longest,
               coalesce(sum(greatest(r.reserved_pence - r.committed_pence, 0))
                        / nullif(sum(r.reserved_pence), 0), 0) as released_share
        from public.credit_reservations r
        where r.settled_at > p_now - interval '24 hours' and r.settled_at <= p_now
    ),
    ended as (
        select count(*) as calls, count(*) filter (where r.end_issued_at is null) as open,
               coalesce(percentile_cont(0.99) within group (order by l.late), 0) as late,
               coalesce(max(l.late), 0) as latest
        from public.credit_reservations r
        cross join lateral (
            select case when r.end_issued_at is not null
                        then greatest(extract(epoch from r.end_issued_at - r.end_due_at), 0) end as late
        ) as l
        where r.end_requested_at > p_now - interval '24 hours' and r.end_requested_at <= p_now
    ),
    refused as (
        select f.reason, count(*) as calls
        from public.call_refusals f
        where f.created_at > p_now - interval '24 hours' and f.created_at <= p_now
        group by f.reason
    )
    select m.metric, m.label, m.value::double precision
    from settled s
    cross join ended e
    cross join lateral (values
        ('calls_settled', null, s.calls),
        ('hold_seconds_mean', null, s.seconds),
        ('hold_seconds_max', null, s.longest),
        ('hold_renewals', null, s.renewals),
        ('hold_released_share', null, s.released_share),
        ('kill_switch_firings', null, e.calls),
        ('kill_switch_unissued', null, e.open),
        ('kill_switch_late_seconds_p99', null, e.late),
        ('kill_switch_late_seconds_max', null, e.latest),
        ('sweep_rescues', null, (select count(*) from private.sweep_rescues r
                                 where r.created_at > p_now - interval '24 hours' and r.created_at <= p_now)),
        ('ledger_drifts', null, (select count(*) from private.ledger_checks)),
        ('wallets_suspended', null, (select count(*) from public.credit_wallets w where w.status = 'suspended'))
    ) as m (metric, label, value)
    union all
    select 'calls_refused', coalesce(q.reason, f.reason), coalesce(f.calls, 0)::double precision
    from private.refusal_reasons q
    full join refused f on f.reason = q.reason;
$$;

revoke execute on function private.measure_billing(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.measure_billing(timestamptz) to service_role;

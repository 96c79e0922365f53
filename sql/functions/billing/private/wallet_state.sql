-- The wallet of the caller's organisation as people are shown it; NULL where the caller may not read it. Read with the caller's
-- rights. Minutes are whole ones, and none when nothing is available; what calls cost counts for the month of p_now.
create or replace function private.wallet_state(p_now timestamptz default now())
returns public.wallet_state
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select (
        w.balance_pence, w.held_pence, w.balance_pence - w.held_pence, w.debt_limit_pence,
        w.low_balance_alert_pence, w.auto_recharge_enabled, w.status, w.updated_at,
        (least(greatest(w.balance_pence - w.held_pence, 0), 2147483647) / r.pence_per_minute)::integer,
        r.pence_per_minute, w.capped_pence,
        (select count(*) from public.credit_reservations c
         where c.org_id = w.org_id and c.cap_released_at is null)::integer,
        w.max_concurrent_calls, w.monthly_cap_pence,
        case when w.spent_month = private.london_month(p_now) then w.spent_pence else 0 end,
        w.auto_recharge_threshold_pence, w.auto_recharge_amount_pence, w.recharge_blocked_until,
        w.stripe_payment_method_id is not null,
        private.wallet_forecast(w.balance_pence - w.held_pence, p_now))::public.wallet_state
    from public.credit_wallets w
    left join lateral (
        select b.pence_per_minute
        from public.billing_rates b
        where b.effective_from <= p_now
        order by b.effective_from desc
        limit 1) as r on true
    where w.org_id = (select private.member_org_id());
$$;

revoke execute on function private.wallet_state(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.wallet_state(timestamptz) to authenticated, service_role;

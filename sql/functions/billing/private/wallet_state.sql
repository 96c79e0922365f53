-- The wallet of the caller's organisation as people are shown it; NULL where the caller may not read it. Read with the caller's rights.
create or replace function private.wallet_state()
returns public.wallet_state
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select (
        w.balance_pence, w.held_pence, w.balance_pence - w.held_pence, w.debt_limit_pence,
        w.low_balance_alert_pence, w.auto_recharge_enabled, w.status, w.updated_at,
        null, null, w.capped_pence, null, w.max_concurrent_calls, w.monthly_cap_pence, w.spent_pence,
        w.auto_recharge_threshold_pence, w.auto_recharge_amount_pence, w.recharge_blocked_until,
        w.stripe_payment_method_id is not null, null)::public.wallet_state
    from public.credit_wallets w
    where w.org_id = (select private.member_org_id());
$$;

revoke execute on function private.wallet_state() from public, anon, authenticated, service_role;
grant execute on function private.wallet_state() to authenticated, service_role;

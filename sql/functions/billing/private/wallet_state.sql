-- The wallet of the caller's organisation as people are shown it; NULL where the caller may not read it. Read with the
-- caller's rights. Minutes are whole ones, and none when nothing is available; what calls cost counts for the month of
-- p_now.
create or replace function private.wallet_state(p_now timestamptz default now())
returns public.wallet_state
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wallet public.credit_wallets;
    v_available_pence bigint;
    v_rate integer;
begin
    select * into v_wallet from public.credit_wallets w where w.org_id = (select private.member_org_id());
    if not found then
        return null;
    end if;
    v_available_pence := v_wallet.balance_pence - v_wallet.held_pence;
    v_rate := (
        select b.pence_per_minute
        from public.billing_rates b
        where b.effective_from <= p_now
        order by b.effective_from desc
        limit 1);

    return row(
        v_wallet.balance_pence, v_wallet.held_pence, v_available_pence, v_wallet.debt_limit_pence,
        v_wallet.low_balance_alert_pence, v_wallet.auto_recharge_enabled, v_wallet.status, v_wallet.updated_at,
        (least(greatest(v_available_pence, 0), 2147483647) / v_rate)::integer, v_rate, v_wallet.capped_pence,
        (select count(*) from public.credit_reservations c
         where c.org_id = v_wallet.org_id and c.cap_released_at is null)::integer,
        v_wallet.max_concurrent_calls, v_wallet.monthly_cap_pence,
        case when v_wallet.spent_month = private.london_month(p_now) then v_wallet.spent_pence else 0 end,
        v_wallet.auto_recharge_threshold_pence, v_wallet.auto_recharge_amount_pence, v_wallet.recharge_blocked_until,
        v_wallet.stripe_payment_method_id is not null,
        private.wallet_forecast(v_available_pence, p_now))::public.wallet_state;
end
$$;

revoke execute on function private.wallet_state(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.wallet_state(timestamptz) to authenticated, service_role;

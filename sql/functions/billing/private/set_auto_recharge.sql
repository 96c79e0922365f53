-- The work of public.set_auto_recharge(). A threshold above the amount would charge the card several times in a row to
-- reach it, so it is refused.
--
-- Locks: the wallet.
--
-- Raises 422 amount_out_of_range, 422 threshold_above_amount, 422 invalid_value, and what private.authorize() raises.
create or replace function private.set_auto_recharge(
    p_enabled boolean, p_threshold_pence bigint, p_amount_pence bigint, p_now timestamptz default now())
returns public.wallet_state
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_highest constant bigint := 500000::bigint;
    v_caller constant private.caller := private.authorize('public.set_auto_recharge');
    v_wallet public.credit_wallets;
begin
    if p_enabled is null then
        perform private.fail('invalid_value', '{"field": "enabled"}');
    end if;
    v_wallet := private.lock_wallet(v_caller.org_id);
    v_wallet.auto_recharge_threshold_pence := coalesce(p_threshold_pence, v_wallet.auto_recharge_threshold_pence);
    v_wallet.auto_recharge_amount_pence := coalesce(p_amount_pence, v_wallet.auto_recharge_amount_pence);
    if p_enabled or p_amount_pence is not null then
        perform private.check_topup_amount(v_wallet.auto_recharge_amount_pence);
    end if;
    if (p_enabled or p_threshold_pence is not null)
       and coalesce(v_wallet.auto_recharge_threshold_pence not between 0 and c_highest, true) then
        perform private.fail('amount_out_of_range', jsonb_build_object('field', 'threshold_pence', 'least', 0, 'most', c_highest));
    end if;

    if p_enabled and v_wallet.auto_recharge_threshold_pence > v_wallet.auto_recharge_amount_pence then
        perform private.fail('threshold_above_amount');
    end if;

    update public.credit_wallets w set
        auto_recharge_enabled = p_enabled,
        auto_recharge_threshold_pence = v_wallet.auto_recharge_threshold_pence,
        auto_recharge_amount_pence = v_wallet.auto_recharge_amount_pence,
        recharge_failures = case when p_enabled then 0 else w.recharge_failures end,
        recharge_blocked_until = case when p_enabled then null else w.recharge_blocked_until end,
        updated_at = p_now
    where w.org_id = v_caller.org_id;
    perform private.emit_event(v_caller.org_id, 'wallet.changed', jsonb_build_object('balance_pence', v_wallet.balance_pence));
    perform private.consider_recharge(v_caller.org_id, p_now);
    return private.wallet_state(p_now);
end
$$;

revoke execute on function private.set_auto_recharge(boolean, bigint, bigint, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.set_auto_recharge(boolean, bigint, bigint, timestamptz) to authenticated;

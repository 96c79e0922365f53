-- A charge of the saved card did not go through. Counted once, whether Stripe's answer or its event says so first.
--
-- The next try is an hour away. The third decline in a row turns auto-recharge off and says so to the admins. A card that
-- needs its owner is no decline: they get a link to pay the same amount themselves, unless they have one that still holds.
--
-- Locks: the recharge; the caller holds the wallet.
create or replace function private.recharge_failed(
    p_org_id uuid, p_recharge_id uuid, p_payment_intent text, p_status text, p_reason text, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_declines constant integer := 3;
    v_recharge public.wallet_recharges;
    v_wallet public.credit_wallets;
begin
    update public.wallet_recharges r set
        status = p_status, stripe_payment_intent_id = coalesce(p_payment_intent, r.stripe_payment_intent_id),
        reason = left(p_reason, 500), finished_at = p_now
    where r.org_id = p_org_id and r.id = p_recharge_id and r.status = 'pending'
    returning r.* into v_recharge;
    if not found then
        return;
    end if;

    perform private.pause_recharge(p_org_id, p_now);
    if p_status = 'needs_owner' then
        perform private.send_payment_link(v_recharge, p_now);
    elsif p_status = 'declined' then
        update public.credit_wallets w set recharge_failures = w.recharge_failures + 1
        where w.org_id = p_org_id
        returning w.* into v_wallet;
        if v_wallet.recharge_failures >= c_declines then
            perform private.stop_recharge(p_org_id, 'recharge_turned_off', 'recharge_turned_off:' || p_recharge_id);
        end if;
    end if;
end
$$;

revoke execute on function private.recharge_failed(uuid, uuid, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;

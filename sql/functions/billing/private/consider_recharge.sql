-- Charges the saved card when less is available than the owner wants there to be. One charge in flight at a time.
--
-- Called after every movement and hold, so a wallet without auto-recharge costs one look at a row that is in hand. A
-- suspension for debt is no reason against it: the charge is what lifts that.
--
-- Locks: none of its own; the caller holds the wallet; then enqueues.
create or replace function private.consider_recharge(p_org_id uuid, p_now timestamptz default now())
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_wallet public.credit_wallets;
    v_customer text;
    v_id uuid;
    v_effect_id uuid;
begin
    select * into v_wallet
    from public.credit_wallets w
    where w.org_id = p_org_id and w.auto_recharge_enabled and w.stripe_payment_method_id is not null
      and w.balance_pence - w.held_pence < w.auto_recharge_threshold_pence
      and (w.recharge_blocked_until is null or w.recharge_blocked_until <= p_now)
      and w.suspended_by is distinct from 'operator';
    if not found then
        return;
    end if;
    select o.stripe_customer_id into v_customer
    from public.organizations o
    where o.id = p_org_id and o.suspended_at is null and o.stripe_customer_id is not null;
    if not found then
        return;
    end if;

    insert into public.wallet_recharges as r (org_id, amount_pence, stripe_payment_method_id, created_at)
    values (p_org_id, v_wallet.auto_recharge_amount_pence, v_wallet.stripe_payment_method_id, p_now)
    on conflict (org_id) where status = 'pending' do nothing
    returning r.id into v_id;
    if v_id is null then
        return;
    end if;
    v_effect_id := private.enqueue_effect(
        p_org_id => p_org_id,
        p_kind => 'stripe.charge',
        p_payload => jsonb_build_object(
            'org_id', p_org_id, 'recharge_id', v_id, 'amount_pence', v_wallet.auto_recharge_amount_pence, 'currency', 'gbp',
            'customer', v_customer, 'payment_method', v_wallet.stripe_payment_method_id,
            'since', extract(epoch from p_now - interval '1 hour')::bigint),
        p_queue_key => 'recharge:' || p_org_id,
        p_run_at => p_now);
    update public.wallet_recharges r set effect_id = v_effect_id where r.org_id = p_org_id and r.id = v_id;
end
$$;

revoke execute on function private.consider_recharge(uuid, timestamptz) from public, anon, authenticated, service_role;

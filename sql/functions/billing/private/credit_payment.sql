-- Puts a payment's money into the wallet, once, and answers whether that was now.
--
-- The key is the payment intent, so Stripe's several events of one payment, in any order and whenever they come again,
-- credit it once. The recharge or top-up it was for is marked before the wallet moves on, so that a next recharge may
-- begin. What of it went back before it was heard of goes back now.
--
-- Locks: the wallet; the recharge, the payment; what private.add_credits() locks; the top-up.
create or replace function private.credit_payment(
    p_org_id uuid, p_payment_intent text, p_amount_pence bigint, p_metadata jsonb, p_session_id text, p_now timestamptz)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_recharge_id constant uuid := private.uuid_or_null(p_metadata ->> 'recharge_id');
    v_entry public.credit_transactions;
    v_first boolean;
begin
    perform private.lock_wallet(p_org_id);
    v_first := not private.payment_is_credited(p_org_id, p_payment_intent);
    update public.wallet_recharges r set
        status = 'succeeded', stripe_payment_intent_id = p_payment_intent, reason = null, finished_at = p_now
    where r.org_id = p_org_id and r.id = v_recharge_id and r.status <> 'succeeded';
    if found then
        update public.credit_wallets w set recharge_failures = 0, recharge_blocked_until = null
        where w.org_id = p_org_id and (w.recharge_failures > 0 or w.recharge_blocked_until is not null);
    end if;

    perform private.note_payment(p_org_id, p_payment_intent, null, p_amount_pence, p_now);
    if v_first then
        v_entry := private.add_credits(
            p_org_id => p_org_id, p_amount_pence => p_amount_pence, p_type => 'topup',
            p_idempotency_key => 'stripe:' || p_payment_intent,
            p_description => case when v_recharge_id is null then 'Top-up' else 'Auto-recharge' end,
            p_stripe_payment_intent_id => p_payment_intent, p_now => p_now);
        perform private.settle_refunds(p_org_id, p_payment_intent, null, null, p_now);
        perform private.settle_dispute(p_org_id, d.dispute_id, p_now)
        from private.stripe_disputes d
        where d.org_id = p_org_id and d.stripe_payment_intent_id = p_payment_intent;
    end if;

    update public.wallet_topups t set
        status = 'credited', stripe_payment_intent_id = p_payment_intent,
        stripe_session_id = coalesce(t.stripe_session_id, p_session_id), updated_at = p_now
    where t.org_id = p_org_id and (t.status <> 'credited' or t.stripe_session_id is null)
      and (t.id = private.uuid_or_null(p_metadata ->> 'topup_id') or t.stripe_session_id = p_session_id);
    if v_first then
        perform private.send_receipt(v_entry);
    end if;
    return v_first;
end
$$;

revoke execute on function private.credit_payment(uuid, text, bigint, jsonb, text, timestamptz)
    from public, anon, authenticated, service_role;

-- Posts what is missing between what went back of a payment and what the ledger says of it: all refunds seen, less
-- those that failed. The row names p_object_id, else the payment's charge, the payment itself where that is not known.
-- A payment that is not credited yet waits: what never came in cannot go out. Who gets money back is not charged anew for
-- the hole it leaves, not for an hour.
--
-- Locks: those of private.add_credits(); the caller holds the wallet.
create or replace function private.settle_refunds(
    p_org_id uuid, p_payment_intent text, p_object_id text, p_key text, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_payment private.stripe_payments;
    v_refunded bigint;
begin
    select * into v_payment from private.stripe_payments p
    where p.org_id = p_org_id and p.stripe_payment_intent_id = p_payment_intent;
    select greatest(v_payment.refunded_seen_pence - coalesce(sum(f.amount_pence), 0), 0)::bigint into v_refunded
    from private.stripe_failed_refunds f
    where f.org_id = p_org_id and f.stripe_payment_intent_id = p_payment_intent;
    if v_refunded = v_payment.refunded_pence or not private.payment_is_credited(p_org_id, p_payment_intent) then
        return;
    end if;

    update private.stripe_payments p set refunded_pence = v_refunded, updated_at = p_now
    where p.org_id = p_org_id and p.stripe_payment_intent_id = p_payment_intent;
    if v_refunded > v_payment.refunded_pence then
        perform private.pause_recharge(p_org_id, p_now);
    end if;
    perform private.add_credits(
        p_org_id => p_org_id, p_amount_pence => v_payment.refunded_pence - v_refunded, p_type => 'refund',
        p_idempotency_key => coalesce(p_key, format('refund:%s:%s', p_payment_intent, v_payment.refunded_seen_pence)),
        p_description => case when v_refunded > v_payment.refunded_pence
                              then 'Refund of a payment' else 'A refund that came back' end,
        p_stripe_object_id => coalesce(p_object_id, v_payment.charge_id, p_payment_intent), p_now => p_now);
end
$$;

revoke execute on function private.settle_refunds(uuid, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;

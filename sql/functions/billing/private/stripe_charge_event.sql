-- What Stripe says of a charge: it succeeded, which is kept beside its payment, or part of it went back.
--
-- amount_refunded is a running total, so the largest counts and an older event changes nothing. Once a refund of the
-- payment failed, the total went down and says nothing by itself any more: then the refunds themselves are asked for.
-- Locks: the payment; the caller holds the wallet.
create or replace function private.stripe_charge_event(p_org_id uuid, p_type text, p_charge jsonb, p_now timestamptz)
returns private.webhook_verdict
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id constant text := p_charge ->> 'id';
    v_payment_intent constant text := private.stripe_payment_of(p_charge);
    v_refunded constant bigint := private.stripe_amount(p_charge -> 'amount_refunded');
    v_payment private.stripe_payments;
begin
    if v_payment_intent is null and p_type = 'charge.succeeded' then
        return (p_org_id, 'processed', null, false)::private.webhook_verdict;
    elsif v_payment_intent is null then
        return private.webhook_failed('It names no payment.', p_org_id);
    elsif p_type = 'charge.succeeded' then
        perform private.note_payment(p_org_id, v_payment_intent, v_id, null, p_now);
        return (p_org_id, 'processed', null, false)::private.webhook_verdict;
    elsif p_charge ->> 'currency' is distinct from 'gbp' or v_refunded is null then
        return private.webhook_failed('It names no refunded amount in pounds.', p_org_id);
    end if;

    v_payment := private.note_payment(p_org_id, v_payment_intent, v_id, null, p_now);
    if exists (select from private.stripe_failed_refunds f
               where f.org_id = p_org_id and f.stripe_payment_intent_id = v_payment_intent) then
        perform private.ask_refunds(p_org_id, v_payment_intent, p_now);
    elsif v_refunded <= v_payment.refunded_seen_pence then
        return (p_org_id, 'duplicate', null, false)::private.webhook_verdict;
    else
        update private.stripe_payments p set refunded_seen_pence = v_refunded
        where p.org_id = p_org_id and p.stripe_payment_intent_id = v_payment_intent;
        perform private.settle_refunds(p_org_id, v_payment_intent, v_id, null, p_now);
    end if;
    return (p_org_id, 'processed', null, false)::private.webhook_verdict;
end
$$;

revoke execute on function private.stripe_charge_event(uuid, text, jsonb, timestamptz)
    from public, anon, authenticated, service_role;

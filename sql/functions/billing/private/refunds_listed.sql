-- The step after the effect stripe.refunds: posts the difference to what Stripe's own list says.
--
-- A refund on the list that failed is noted as one, so that its event changes nothing any more; one that we know to have
-- failed is not counted, whatever an older list says. Without a list nothing moves, and the operator is told.
--
-- Locks: the wallet, the payment.
create or replace function private.refunds_listed(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_payment_intent constant text := p_effect #>> '{payload,payment_intent}';
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
begin
    if p_outcome <> 'done' then
        perform private.alert(v_org_id, 'refunds_unknown', format(
            'Which refunds payment %s has could not be asked (%s): the wallet may be off by one that failed.',
            v_payment_intent, p_effect ->> 'last_error'), v_now);
        return;
    end if;

    perform private.lock_wallet(v_org_id);
    perform private.note_payment(v_org_id, v_payment_intent, null, null, v_now);
    insert into private.stripe_failed_refunds as f (org_id, refund_id, stripe_payment_intent_id, amount_pence, created_at)
    select v_org_id, r ->> 'id', v_payment_intent, (r ->> 'amount')::bigint, v_now
    from jsonb_array_elements(p_result -> 'refunds') as r
    where r ->> 'status' in ('failed', 'canceled')
    on conflict (org_id, refund_id) do nothing;

    -- Seen is gross, as Stripe's total was before the first failure: what stands, and what failed.
    update private.stripe_payments p set refunded_seen_pence = (
        select coalesce(sum((r ->> 'amount')::bigint) filter (
                   where r ->> 'status' in ('succeeded', 'pending', 'requires_action')
                     and not exists (select from private.stripe_failed_refunds f
                                     where f.org_id = v_org_id and f.refund_id = r ->> 'id')), 0)
        from jsonb_array_elements(p_result -> 'refunds') as r) + (
        select coalesce(sum(f.amount_pence), 0) from private.stripe_failed_refunds f
        where f.org_id = v_org_id and f.stripe_payment_intent_id = v_payment_intent)
    where p.org_id = v_org_id and p.stripe_payment_intent_id = v_payment_intent;
    perform private.settle_refunds(
        v_org_id, v_payment_intent, null, format('refund:%s:listed:%s', v_payment_intent, p_effect ->> 'id'), v_now);
end
$$;

revoke execute on function private.refunds_listed(jsonb, text, jsonb) from public, anon, authenticated, service_role;

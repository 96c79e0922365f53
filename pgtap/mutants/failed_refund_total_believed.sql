-- After a refund failed, Stripe's running total is still taken for the sum of what went back.
--
-- Caught by: pgtap/billing/stripe_charge_event.sql
select tests.patch('private.stripe_charge_event', $old$perform private.ask_refunds(p_org_id, v_payment_intent, p_now);$old$, $new$update private.stripe_payments p set refunded_seen_pence = v_refunded
        where p.org_id = p_org_id and p.stripe_payment_intent_id = v_payment_intent;
        perform private.settle_refunds(p_org_id, v_payment_intent, v_id, 'x' || gen_random_uuid(), p_now);$new$);

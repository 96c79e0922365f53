-- A refund that came back is posted back each time Stripe says so.
--
-- Caught by: pgtap/billing/stripe_charge_event.sql
select tests.patch('private.stripe_refund_failed', $old$values (p_org_id, v_id, v_payment_intent$old$, $new$values (p_org_id, v_id || gen_random_uuid(), v_payment_intent$new$);

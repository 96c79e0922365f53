-- Each of Stripe's events of one payment credits it.
--
-- Caught by: pgtap/billing/process_stripe_event.sql
select tests.patch('private.credit_payment', $old$p_idempotency_key => 'stripe:' || p_payment_intent,$old$, $new$p_idempotency_key => 'stripe:' || gen_random_uuid(),$new$);
select tests.patch('private.credit_payment', $old$p_stripe_payment_intent_id => p_payment_intent, p_now$old$, $new$p_stripe_object_id => p_payment_intent, p_now$new$);

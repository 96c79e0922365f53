-- Each refund posts Stripe's running total instead of the difference to what was seen before.
--
-- Caught by: pgtap/billing/stripe_charge_event.sql
select tests.patch('private.settle_refunds', $old$p_amount_pence => v_payment.refunded_pence - v_refunded,$old$, $new$p_amount_pence => -v_refunded,$new$);

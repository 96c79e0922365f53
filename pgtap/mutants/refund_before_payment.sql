-- A refund is taken from the wallet before its payment was put in.
--
-- Caught by: pgtap/billing/stripe_charge_event.sql
select tests.patch('private.settle_refunds', $old$or not private.payment_is_credited(p_org_id, p_payment_intent)$old$, $new$$new$);

-- A decline counts once for Stripe's answer and once for its event.
--
-- Caught by: pgtap/billing/recharge_answered.sql
select tests.patch('private.recharge_failed', $old$ and r.status = 'pending'$old$, $new$$new$);

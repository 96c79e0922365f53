-- Who gets money back has the card charged for the hole it leaves.
--
-- Caught by: pgtap/billing/stop_recharge.sql
select tests.patch('private.settle_refunds', $old$if v_refunded > v_payment.refunded_pence then$old$, $new$if false then$new$);

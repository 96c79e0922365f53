-- A card whose owner disputes a payment is charged again by itself.
--
-- Caught by: pgtap/billing/stop_recharge.sql
select tests.patch('private.settle_dispute', $old$if v_move.amount_pence < 0 then$old$, $new$if false then$new$);

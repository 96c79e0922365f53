-- A card may be declined any number of times.
--
-- Caught by: pgtap/billing/recharge_answered.sql
select tests.patch('private.recharge_failed', $old$v_wallet.recharge_failures >= c_declines$old$, $new$false$new$);

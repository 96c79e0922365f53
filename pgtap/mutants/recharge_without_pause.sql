-- A declined card is charged again at once.
--
-- Caught by: pgtap/billing/recharge_answered.sql pgtap/billing/consider_recharge.sql
select tests.patch('private.consider_recharge', $old$w.recharge_blocked_until is null or w.recharge_blocked_until <= p_now$old$, $new$true$new$);

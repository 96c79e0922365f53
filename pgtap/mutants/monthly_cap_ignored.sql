-- The month's spending limit stops nobody.
--
-- Caught by: pgtap/billing/monthly_cap.sql
select tests.patch('private.month_left_pence', $old$when p_wallet.monthly_cap_pence is null$old$, $new$when true$new$);

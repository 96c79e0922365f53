-- What was spent in an earlier month is shown as this month's.
--
-- Caught by: pgtap/billing/wallet_state.sql
select tests.patch('private.wallet_state', $old$case when v_wallet.spent_month = private.london_month(p_now) then v_wallet.spent_pence else 0 end$old$, $new$v_wallet.spent_pence$new$);

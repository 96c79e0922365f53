-- Who has paid the debt stays suspended.
--
-- Caught by: pgtap/billing/debt.sql
select tests.patch('private.wallet_moved', $old$elsif v_wallet.balance_pence > 0 and$old$, $new$elsif false and$new$);

-- Past the debt limit everything goes on.
--
-- Caught by: pgtap/billing/debt.sql pgtap/billing/deduct_call_credits.sql
select tests.patch('private.wallet_moved',
    $old$if v_wallet.balance_pence < -v_wallet.debt_limit_pence and$old$,
    $new$if false and$new$);

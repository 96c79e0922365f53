-- Calls may cost more at once than balance and debt limit.
--
-- Caught by: pgtap/billing/reserve_call_credits.sql pgtap/billing/eight_calls.sql
select tests.patch('private.reserve_call_credits',
    $old$v_wallet.balance_pence + v_wallet.debt_limit_pence - v_wallet.capped_pence);$old$,
    $new$9223372036854775807);$new$);

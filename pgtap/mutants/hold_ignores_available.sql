-- A call is let in on money that is held for another.
--
-- Caught by: pgtap/billing/reserve_call_credits.sql
select tests.patch('private.reserve_call_credits',
    $old$:= v_wallet.balance_pence - v_wallet.held_pence;$old$,
    $new$:= v_wallet.balance_pence;$new$);

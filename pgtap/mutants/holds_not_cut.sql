-- Holds stay though the money is gone.
--
-- Caught by: pgtap/billing/cut_holds.sql pgtap/billing/protect_wallet.sql
select tests.patch('private.protect_wallet',
    $old$if p_wallet.held_pence > p_wallet.balance_pence then$old$,
    $new$if false then$new$);

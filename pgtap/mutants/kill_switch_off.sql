-- Calls go on with nothing left.
--
-- Caught by: pgtap/billing/protect_wallet.sql
select tests.patch('private.protect_wallet',
    $old$when p_wallet.balance_pence <= 0 then 'wallet_empty' end$old$,
    $new$end$new$);

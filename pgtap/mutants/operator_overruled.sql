-- A top-up lifts the operator's suspension.
--
-- Caught by: pgtap/billing/debt.sql
select tests.patch('private.wallet_moved',
    $old$v_wallet.suspended_by = 'debt' then$old$,
    $new$v_wallet.status = 'suspended' then$new$);

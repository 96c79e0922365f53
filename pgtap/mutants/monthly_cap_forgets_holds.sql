-- What is held does not count in the month.
--
-- Caught by: pgtap/billing/monthly_cap.sql
select tests.patch('private.month_left_pence',
    $old$p_wallet.monthly_cap_pence - p_wallet.held_pence$old$,
    $new$p_wallet.monthly_cap_pence$new$);

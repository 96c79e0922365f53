-- The order to hang up leaves when the paid time is over already.
--
-- Caught by: pgtap/billing/keep_hold.sql pgtap/billing/eight_calls.sql
select tests.patch('private.keep_hold',
    $old$c_guard constant interval := interval '3 seconds'$old$,
    $new$c_guard constant interval := interval '0 seconds'$new$);

-- The order to hang up leaves when the paid time is over already.
--
-- Caught by: pgtap/billing/keep_hold.sql pgtap/billing/eight_calls.sql
select tests.patch('private.hang_up_guard',
    $old$interval '3 seconds'$old$,
    $new$interval '0 seconds'$new$);

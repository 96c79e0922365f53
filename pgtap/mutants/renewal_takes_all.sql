-- A renewal takes all there is, and the other calls starve.
--
-- Caught by: pgtap/billing/renew_call_reservation.sql pgtap/billing/eight_calls.sql
select tests.patch('private.extend_hold',
    $old$private.hold_slice_pence(p_reservation.rate_pence_per_minute),$old$,
    $new$50 * p_reservation.rate_pence_per_minute,$new$);

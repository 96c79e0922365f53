-- A deadline for an end that has moved ends the call.
--
-- Caught by: pgtap/billing/keep_hold.sql pgtap/billing/start_call_clock.sql
select tests.patch('private.keep_hold',
    $old$if not found or v_reservation.hold_ends_at <> p_hold_ends_at or$old$,
    $new$if not found or$new$);

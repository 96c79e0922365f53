-- A call nobody heard of any more counts no more, though it may live.
--
-- Caught by: pgtap/billing/expire_stale_reservations.sql
select tests.patch('private.expire_hold',
    $old$set held_pence = w.held_pence - p_reservation.reserved_pence$old$,
    $new$set capped_pence = w.capped_pence - p_reservation.cap_pence,
        held_pence = w.held_pence - p_reservation.reserved_pence$new$);

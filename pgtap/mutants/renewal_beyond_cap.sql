-- A hold outgrows what the call can cost.
--
-- Caught by: pgtap/billing/renew_call_reservation.sql
select tests.patch('private.extend_hold',
    $old$p_reservation.cap_pence - p_reservation.reserved_pence,$old$,
    $new$280,$new$);

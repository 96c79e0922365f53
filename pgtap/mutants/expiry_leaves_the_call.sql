-- A hold expires and the call goes on.
--
-- Caught by: pgtap/billing/expire_stale_reservations.sql
select tests.patch('private.expire_hold',
    $old$perform private.end_call(p_reservation, 'hold_expired', p_now, p_now);$old$,
    $new$$new$);

-- A start the provider dates an hour ahead pays for an hour.
--
-- Caught by: pgtap/billing/start_call_clock.sql
select tests.patch('private.start_call_clock',
    $old$greatest(v_reservation.created_at, least(p_started_at, v_reservation.created_at + interval '2 minutes'))$old$,
    $new$p_started_at$new$);

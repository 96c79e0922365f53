-- The last start that is named counts.
--
-- Caught by: pgtap/billing/start_call_clock.sql
select tests.patch('private.start_call_clock', $old$or v_reservation.started_at <= p_started_at then$old$, $new$then$new$);

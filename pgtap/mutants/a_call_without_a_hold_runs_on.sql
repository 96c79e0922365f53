-- A call under way that cannot be paid for is left running.
--
-- Caught by: pgtap/calls/call_status_changed.sql
select tests.patch('private.hold_running_call', $old$v_reservation.id is not null$old$, $new$false$new$);

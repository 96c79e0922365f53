-- A call whose length stays unknown is asked about every half minute.
--
-- Caught by: pgtap/billing/silent_calls.sql
select tests.patch('private.next_poll_at', $old$when p_reservation.polls = 0 then$old$, $new$when true then$new$);

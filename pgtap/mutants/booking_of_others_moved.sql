-- Who books moves what was booked in another call.
--
-- Caught by: pgtap/clinic/book_appointment.sql
select tests.patch('private.booked_in_call', $old$a.call_id = p_call_id$old$, $new$true$new$);

-- Who asks for another time in the same call has two appointments.
--
-- Caught by: pgtap/clinic/book_appointment.sql
select tests.patch('private.book_appointment', $old$if not p_another then$old$, $new$if false then$new$);

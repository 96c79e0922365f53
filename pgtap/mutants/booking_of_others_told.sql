-- Whoever names a number hears whether it has booked at a time.
--
-- Caught by: pgtap/calls/tool_book_clinic_appointment.sql
select tests.patch('private.tool_book_clinic_appointment', $old$if v_booking.outcome = 'already' and$old$, $new$if v_booking.outcome = 'never' and$new$);

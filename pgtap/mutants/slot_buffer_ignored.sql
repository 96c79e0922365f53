-- What is kept free behind an appointment is not.
--
-- Caught by: pgtap/clinic/book_appointment.sql pgtap/clinic/check_availability.sql
select tests.patch('private.visit_of', $old$coalesce(v_service.buffer_minutes, 0)$old$, $new$0$new$);

-- The same booking asked again in a call is looked for by its key alone.
--
-- Caught by: pgtap/clinic/book_appointment.sql
select tests.patch('private.repeated_booking', $old$p_call_id is not null$old$, $new$false$new$);

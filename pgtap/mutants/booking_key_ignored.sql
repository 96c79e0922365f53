-- A key that was used is not looked for.
--
-- Caught by: pgtap/clinic/book_appointment.sql
select tests.patch('private.repeated_booking', $old$a.idempotency_key = p_idempotency_key$old$, $new$false$new$);

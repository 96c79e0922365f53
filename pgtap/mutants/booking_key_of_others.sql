-- A key answers whoever asks.
--
-- Caught by: pgtap/clinic/book_appointment.sql
select tests.patch('private.repeated_booking', $old$v_appointment.contact_id is distinct from p_contact_id$old$, $new$false$new$);

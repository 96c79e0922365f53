-- What is over can be booked.
--
-- Caught by: pgtap/clinic/book_appointment.sql
select tests.patch('private.who_can_see', $old$p_starts_at <= p_now$old$, $new$false$new$);

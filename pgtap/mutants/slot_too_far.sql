-- The diary has no end.
--
-- Caught by: pgtap/clinic/book_appointment.sql
select tests.patch('private.who_can_see', $old$ or p_starts_at > p_now + interval '400 days'$old$, $new$$new$);

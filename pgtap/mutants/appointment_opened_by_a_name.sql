-- A name alone opens an appointment.
--
-- Caught by: pgtap/clinic/appointments_of_caller.sql
select tests.patch('private.appointments_of_caller', $old$a.scheduled_at >= p_on - interval '1 day' and a.scheduled_at < p_on + interval '3 days'$old$, $new$true$new$);

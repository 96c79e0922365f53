-- An appointment that is moved stands in its own way.
--
-- Caught by: pgtap/clinic/reschedule_appointment.sql
select tests.patch('private.busy_times', $old$a.id is distinct from p_except$old$, $new$true$new$);

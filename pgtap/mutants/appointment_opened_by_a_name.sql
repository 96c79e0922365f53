-- A name alone opens an appointment.
--
-- Caught by: pgtap/clinic/appointments_of_caller.sql
select tests.patch('private.appointments_of_caller', $old$p_on is not null and $old$, $new$$new$);

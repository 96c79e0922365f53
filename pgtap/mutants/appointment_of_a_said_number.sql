-- A number that is only said opens the appointments of whoever has it.
--
-- Caught by: pgtap/calls/tool_reschedule_appointment.sql
select tests.patch('private.appointments_meant', $old$p_call.org_id, private.number_of_call(p_call), null, null, p_now)$old$, $new$p_call.org_id, coalesce(private.tool_argument(p_arguments, 'phone'), private.number_of_call(p_call)), null, null, p_now)$new$);

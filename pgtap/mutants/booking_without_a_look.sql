-- A booking that comes first is booked without looking at the times.
--
-- Caught by: pgtap/calls/run_tools.sql
select tests.patch('private.run_tool', $old$if p_tool_name = 'bookClinicAppointment' and not$old$, $new$if p_tool_name = 'nothing' and not$new$);

-- A caller who insists is passed on twice.
--
-- Caught by: pgtap/calls/tool_transfer_call.sql
select tests.patch('private.note_transfer', $old$(c.transfer_to is distinct from p_number or c.transfer_time <= p_now - interval '1 minute')$old$, $new$true$new$);

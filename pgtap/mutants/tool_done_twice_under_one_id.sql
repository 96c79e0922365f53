-- A tool call that comes again under its id is carried out again.
--
-- Caught by: pgtap/calls/run_tools.sql
select tests.patch('private.run_tool', $old$and r.call_id = p_call.id and r.tool_call_id = p_tool_call_id;$old$, $new$and r.call_id = p_call.id and r.tool_call_id = p_tool_call_id and false;$new$);

-- A tool goes while agents are linked to it.
--
-- Caught by: pgtap/calls/tool_registered.sql
select tests.patch('private.drop_old_tools', $old$where t.vapi_tool_id = r.vapi_tool_id and t.enabled$old$, $new$where false and t.enabled$new$);

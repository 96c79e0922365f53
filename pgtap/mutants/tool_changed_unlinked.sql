-- A new definition is registered, and nobody is linked to it.
--
-- Caught by: pgtap/calls/tool_registered.sql
select tests.patch('private.tools_are_behind', $old$t.vapi_tool_id is distinct from r.vapi_tool_id$old$, $new$t.vapi_tool_id is null$new$);

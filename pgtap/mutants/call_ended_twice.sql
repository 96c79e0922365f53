-- A goodbye that is said again ends the call again.
--
-- Caught by: pgtap/calls/tool_end_call.sql
select tests.patch('private.tool_end_call', $old$ and not private.tool_was_used(p_call, 'endCall')$old$, $new$$new$);

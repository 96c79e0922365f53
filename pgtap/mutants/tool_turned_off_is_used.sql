-- A tool that an organisation turned off is used.
--
-- Caught by: pgtap/calls/run_tools.sql
select tests.patch('private.tool_is_used', $old$and not t.enabled$old$, $new$and t.enabled is null$new$);

-- What a tool was told is kept as it was said.
--
-- Caught by: pgtap/calls/is_booked.sql
drop trigger redact_tool_run on private.tool_runs;

-- A tool goes while calls may be using it.
--
-- Caught by: pgtap/calls/tool_registered.sql
select tests.patch('private.drop_old_tools', $old$interval '13 hours'$old$, $new$interval '1 minute'$new$);

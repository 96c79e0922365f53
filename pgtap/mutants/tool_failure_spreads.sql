-- A tool that fails takes the answers of the others with it.
--
-- Caught by: pgtap/calls/run_tools.sql
select tests.patch('private.run_tool', $old$exception when others then$old$, $new$exception when division_by_zero then$new$);

-- A search that has grown to groups of days begins one in the middle, and passes over the rest.
--
-- Caught by: pgtap/calls/list_calls.sql
select tests.patch('private.found_calls', $old$v_day % 16 = 15$old$, $new$v_day % 16 = 7$new$);

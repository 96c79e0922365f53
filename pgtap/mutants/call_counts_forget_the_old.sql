-- A call that changes is counted again, and what it was stays counted.
--
-- Caught by: pgtap/calls/call_counts.sql
select tests.patch('private.count_calls', $old$tg_op <> 'INSERT'$old$, $new$tg_op = 'DELETE'$new$);

-- Folding puts what is new in the place of what was counted.
--
-- Caught by: pgtap/calls/call_counts.sql
select tests.patch('private.fold_calls_of', $old$calls = q.calls + excluded.calls$old$, $new$calls = excluded.calls$new$);

-- The way back begins with the first step: the money is back while the number is still there.
--
-- Caught by: pgtap/platform/saga_answered.sql
select tests.patch('private.undo_saga', $old$order by s.step desc$old$, $new$order by s.step$new$);

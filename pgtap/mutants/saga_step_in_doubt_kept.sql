-- A step whose outcome is unknown is taken for one that did not happen, and is not taken back.
--
-- Caught by: pgtap/platform/saga_answered.sql
select tests.patch('private.undo_saga', $old$s.step <= v_saga.step$old$, $new$s.step < v_saga.step$new$);

-- An effect does not wait for the one before it in its key.
--
-- Caught by: pgtap/platform/enqueue_effect.sql
select tests.patch('private.enqueue_effect', $old$v_waits := found$old$, $new$v_waits := false$new$);

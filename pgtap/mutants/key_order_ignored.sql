-- Two effects of one key run at once.
--
-- Caught by: pgtap/platform/claim_effects.sql
select tests.patch('private.enqueue_effect', $old$v_waits := found$old$, $new$v_waits := false$new$);

-- An effect that always fails is tried for ever.
--
-- Caught by: pgtap/platform/fail_effect.sql
select tests.patch('private.fail_effect', $old$v_effect.attempts >= v_kind.max_attempts$old$, $new$false$new$);

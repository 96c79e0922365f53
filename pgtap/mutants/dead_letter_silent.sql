-- An effect is given up and nobody is told.
--
-- Caught by: pgtap/platform/fail_effect.sql
select tests.patch('private.bury_effect', $old$p_effect.kind <> 'slack.message'$old$, $new$false$new$);

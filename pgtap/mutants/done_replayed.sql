-- An effect that was done is done again.
--
-- Caught by: pgtap/platform/replay_effect.sql
select tests.patch('private.replay_effect', $old$d.outcome in ('dead', 'refused')$old$, $new$true$new$);

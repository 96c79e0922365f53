-- An effect that is running is taken back.
--
-- Caught by: pgtap/platform/cancel_effect.sql
select tests.patch('private.cancel_effect', $old$e.state in ('waiting', 'ready')$old$, $new$e.state in ('waiting', 'ready', 'running')$new$);

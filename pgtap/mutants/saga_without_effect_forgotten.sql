-- A saga whose effect was cancelled waits for ever.
--
-- Caught by: pgtap/platform/saga_answered.sql
select tests.patch('private.sweep_sagas', $old$where s.finished_at is null$old$, $new$where s.finished_at is not null$new$);

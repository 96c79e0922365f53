-- A webhook that cannot be processed is retried for ever and nobody is told.
--
-- Caught by: pgtap/platform/fail_webhook.sql
select tests.patch('private.fail_webhook', $old$w.attempts >= 7$old$, $new$w.attempts >= 70$new$);

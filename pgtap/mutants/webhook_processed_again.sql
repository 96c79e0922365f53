-- A processed webhook is processed again.
--
-- Caught by: pgtap/platform/process_webhook.sql
select tests.patch('private.process_webhook', $old$in ('processed', 'discarded')$old$, $new$in ('discarded')$new$);

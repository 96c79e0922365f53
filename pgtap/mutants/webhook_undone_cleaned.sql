-- The clean-up drops webhooks that nothing was made of.
--
-- Caught by: pgtap/platform/cleanup_old_webhook_events.sql
select tests.patch('private.cleanup_old_webhook_events', $old$w.finished_at < p_now$old$, $new$w.received_at < p_now$new$);

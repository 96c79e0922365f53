-- An event is parked and nobody is told.
--
-- Caught by: pgtap/billing/stripe_webhook_failed.sql
select tests.patch('private.stripe_webhook_failed', $old$p_row.attempts = 0 or not p_verdict.try_again$old$, $new$p_row.attempts = 0 and p_verdict.try_again$new$);

-- An event nothing could be made of is filed as done.
--
-- Caught by: pgtap/billing/stripe_webhook_failed.sql
select tests.patch('private.process_webhook', $old$return private.stripe_webhook_failed(v_row, v_verdict, p_now);$old$, $new$null;$new$);

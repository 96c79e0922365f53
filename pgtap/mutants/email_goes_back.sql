-- A late "sent" undoes a "delivered".
--
-- Caught by: pgtap/platform/resend_email_finished.sql
select tests.patch('private.email_rank', $old$'queued', 'sent', 'failed', 'delivered'$old$, $new$'queued', 'delivered', 'failed', 'sent'$new$);

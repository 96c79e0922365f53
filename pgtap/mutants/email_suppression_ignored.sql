-- An address that bounced is written to again.
--
-- Caught by: pgtap/platform/send_email.sql
select tests.patch('private.send_email', $old$case when v_suppression is null then 'queued' else 'suppressed' end$old$, $new$'queued'$new$);

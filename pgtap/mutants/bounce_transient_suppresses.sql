-- A mailbox that was full for a day is never written to again.
--
-- Caught by: pgtap/platform/process_resend_event.sql
select tests.patch('private.process_resend_event', $old$v_status = 'bounced' and p_event #>> '{data,bounce,type}' = 'Permanent'$old$, $new$v_status = 'bounced'$new$);

-- Word that comes late takes a delivered message back.
--
-- Caught by: pgtap/clinic/process_twilio_sms.sql
select tests.patch('private.note_message', $old$case when private.message_rank(m.status) < private.message_rank(p_status) then p_status else m.status end$old$, $new$p_status$new$);

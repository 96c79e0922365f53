-- A processed message leaves its whole text outside the record.
--
-- Caught by: pgtap/calls/answer_webhook.sql
select tests.patch('private.process_webhook', $old$v_event := '{}';$old$, $new$v_event := private.vapi_event(v_row.body);$new$);

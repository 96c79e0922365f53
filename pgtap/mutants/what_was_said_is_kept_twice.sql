-- A processed message leaves its whole text outside the record.
--
-- Caught by: pgtap/calls/answer_webhook.sql
select tests.patch('private.process_webhook', $old$here it would stand unredacted.
            v_event := '{}';$old$, $new$here it would stand unredacted.
            v_event := private.vapi_event(v_row.body);$new$);

-- A card number that is read out stands in the message.
--
-- Caught by: pgtap/calls/tool_take_message.sql
select tests.patch('private.tool_take_message', $old$private.redact_call_text(p_call.org_id, private.tool_argument($old$, $new$coalesce(private.tool_argument($new$);

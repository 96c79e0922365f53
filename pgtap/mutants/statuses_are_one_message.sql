-- A call's end is taken for a repetition of its beginning.
--
-- Caught by: pgtap/calls/ingest_vapi_message.sql
select tests.patch('private.vapi_event_key', $old$coalesce(private.vapi_text(p_message, '{status}', 50), 'none')$old$, $new$'status'$new$);

-- Another call that repeats our id of one is taken for it.
--
-- Caught by: pgtap/calls/begin_call.sql
select tests.patch('private.begin_call', $old$and c.vapi_call_id is null$old$, $new$and true$new$);

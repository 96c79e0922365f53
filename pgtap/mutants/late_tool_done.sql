-- What an agent wanted done is done though nobody waits for it any more.
--
-- Caught by: pgtap/calls/take_back_answer.sql
select tests.patch('private.process_vapi_event', $old$if p_row.received_at < p_now - private.line_patience() then$old$, $new$if false then$new$);

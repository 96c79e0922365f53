-- A call is let in though nobody waits for the answer any more.
--
-- Caught by: pgtap/calls/admit_call.sql
select tests.patch('private.admit_call', $old$p_received_at < p_now - private.line_patience()$old$, $new$false$new$);

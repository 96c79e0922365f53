-- A call stays let in though its caller was told that it is not.
--
-- Caught by: pgtap/calls/take_back_answer.sql
select tests.patch('private.take_back_answer', $old$perform private.release_reserved_credits(v_call_id, 'not_answered_in_time', 'release', p_now);$old$, $new$perform true;$new$);

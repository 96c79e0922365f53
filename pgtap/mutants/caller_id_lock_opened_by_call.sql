-- A new call opens what wrong codes locked.
--
-- Caught by: pgtap/telephony/confirm_caller_id_code.sql
select tests.patch('private.begin_caller_id', $old$coalesce(private.refuse_locked(v_caller_id, p_now), private.refuse_limited(v_calls, p_now))$old$, $new$private.refuse_limited(v_calls, p_now)$new$);

-- A new call opens what wrong codes locked.
--
-- Caught by: pgtap/telephony/confirm_caller_id_code.sql
select tests.patch('private.refuse_caller_id', $old$p_caller_id.locked_until > p_now$old$, $new$p_calls = '{}' and p_caller_id.locked_until > p_now$new$);

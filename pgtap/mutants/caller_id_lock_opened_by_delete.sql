-- Deleting a number opens what wrong codes locked.
--
-- Caught by: pgtap/telephony/remove_caller_id.sql
select tests.patch('private.remove_caller_id', $old$v_caller_id.locked_until > p_now$old$, $new$false$new$);

-- A wrong code is not counted.
--
-- Caught by: pgtap/telephony/confirm_caller_id_code.sql
select tests.patch('private.code_was_wrong', $old$verification_attempts = c.verification_attempts + 1$old$, $new$verification_attempts = c.verification_attempts$new$);

-- The letter that the server's bcrypt writes is not understood, so that no code is right.
--
-- Caught by: pgtap/telephony/confirm_caller_id_code.sql
select tests.patch('private.caller_id_requested', $old$regexp_replace(p_result ->> 'code_hash', '^\$2[by]\$', '$2a$')$old$, $new$p_result ->> 'code_hash'$new$);

-- A code holds for ever.
--
-- Caught by: pgtap/telephony/confirm_caller_id_code.sql
select tests.patch('private.open_caller_id', $old$or v_caller_id.verification_code_expires_at <= p_now$old$, $new$$new$);

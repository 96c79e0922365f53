-- The right code verifies, though Twilios list does not have the number.
--
-- Caught by: pgtap/telephony/confirm_caller_id_code.sql
select tests.patch('private.caller_id_looked_up', $old$status = 'verified', verified_at = v_now, twilio_caller_id_sid = p_result ->> 'caller_id_sid',$old$, $new$status = 'verified', verified_at = v_now, twilio_caller_id_sid = coalesce(p_result ->> 'caller_id_sid', 'PN' || md5('')),$new$);
select tests.patch('private.caller_id_looked_up', $old$ and p_result ->> 'caller_id_sid' is not null$old$, $new$$new$);

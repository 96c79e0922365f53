-- Agents go on calling with a number that was given back.
--
-- Caught by: pgtap/telephony/release_number.sql
select tests.patch('private.unlink_number', $old$a.vapi_phone_number_id = p_vapi_phone_id$old$, $new$false$new$);

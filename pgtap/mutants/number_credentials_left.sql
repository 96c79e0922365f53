-- A number that was given back can still be chosen for an agent.
--
-- Caught by: pgtap/telephony/release_number.sql
select tests.patch('private.unlink_number', $old$c.provider = 'twilio' and c.phone_number = p_phone_number$old$, $new$false$new$);

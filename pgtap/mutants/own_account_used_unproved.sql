-- The keys of an account act before Twilio has said that they are right.
--
-- Caught by: pgtap/telephony/connect_twilio.sql
select tests.patch('private.claim_own_account', $old$p_phone_number, false, p_now$old$, $new$p_phone_number, true, p_now$new$);

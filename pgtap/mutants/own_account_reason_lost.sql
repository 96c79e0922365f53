-- Why an account could not be connected is told to nobody who looks later.
--
-- Caught by: pgtap/telephony/connect_twilio.sql
select tests.patch('private.own_account_refused', $old$e.code = p_saga.error_code$old$, $new$false$new$);

-- An account that was disconnected stays the organisation's that had it, and whoever signs up anew is locked out.
--
-- Caught by: pgtap/telephony/disconnect_twilio.sql pgtap/telephony/connect_twilio.sql
select tests.patch('private.give_up_own_account', $old$d.kind = 'twilio_account'$old$, $new$false$new$);

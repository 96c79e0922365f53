-- An organisation whose account was disconnected counts as having one.
--
-- Caught by: pgtap/telephony/disconnect_twilio.sql
select tests.patch('private.forget_own_account', $old$telephony_mode = 'none', updated_at$old$, $new$updated_at$new$);

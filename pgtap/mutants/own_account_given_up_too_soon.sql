-- Another organisation connects an account while Vapi still has the number of the one before.
--
-- Caught by: pgtap/telephony/disconnect_twilio.sql
select tests.patch('private.let_own_account_go', $old$    perform private.note$old$, $new$    perform private.give_up_own_account(p_saga, p_result, p_now);
    perform private.note$new$);

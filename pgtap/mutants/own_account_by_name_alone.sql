-- Whoever names a Twilio account owns it, before Twilio was asked.
--
-- Caught by: pgtap/telephony/connect_twilio.sql
select tests.patch('private.connect_twilio', $old$    return private.saga_operation(private.begin_saga($old$, $new$    perform private.claim_outside('twilio_account', p_account_sid, v_caller.org_id);
    return private.saga_operation(private.begin_saga($new$);

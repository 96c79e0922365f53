-- The keys of an account that was disconnected stay.
--
-- Caught by: pgtap/telephony/disconnect_twilio.sql
select tests.patch('private.forget_own_account', $old$    perform private.unlink_number(
        p_saga.org_id, p_saga.facts ->> 'phone_number', p_saga.facts ->> 'vapi_phone_id', p_now);
    delete from private.org_credentials c where c.org_id = p_saga.org_id and c.id = p_saga.subject_id;$old$, $new$    delete from public.phone_number_mapping m where m.phone_number = p_saga.facts ->> 'phone_number';
    update private.org_credentials c set is_active = false where c.org_id = p_saga.org_id and c.id = p_saga.subject_id;$new$);

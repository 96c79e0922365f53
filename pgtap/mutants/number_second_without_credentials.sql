-- The second number of an organisation gets no credentials: no agent can be given it.
--
-- Caught by: pgtap/telephony/provision_number.sql pgtap/telephony/insert_managed_number_atomic.sql
select tests.patch('private.insert_managed_number_atomic',
    $old$values (
        p_org_id, 'twilio', p_routing_direction, p_subaccount_sid, p_vapi_phone_id, p_phone_number, true, p_now, p_now, p_now);$old$,
    $new$select p_org_id, 'twilio', p_routing_direction, p_subaccount_sid, p_vapi_phone_id, p_phone_number, true, p_now, p_now, p_now
    where not exists (select from private.org_credentials c where c.org_id = p_org_id and c.provider = 'twilio');$new$);

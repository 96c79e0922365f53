-- Puts a text message on record and orders its sending; answers the message. What must not fail because of a message that
-- cannot be sent uses private.try_sms().
--
-- Locks: enqueues, so last.
--
-- Raises 400 phone_number_invalid, 422 premium_number, 422 message_invalid, 409 sms_opted_out, 409 telephony_not_configured.
create or replace function private.send_sms(
    p_org_id uuid, p_contact_id uuid, p_call_id uuid, p_to text, p_text text, p_purpose text,
    p_now timestamptz default now()
)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_account constant private.telephony_account := private.telephony_account_of(p_org_id);
    v_id constant uuid := gen_random_uuid();
begin
    case private.sms_trouble(p_org_id, p_to, p_text)
        when 'phone_number_invalid' then perform private.fail('phone_number_invalid');
        when 'premium_number' then perform private.fail('premium_number');
        when 'message_invalid' then perform private.fail('message_invalid');
        when 'sms_opted_out' then perform private.fail('sms_opted_out');
        when 'telephony_not_configured' then perform private.fail('telephony_not_configured');
        else null;
    end case;

    insert into public.messages (
        org_id, id, contact_id, call_id, direction, method, purpose, recipient, content, service_provider, effect_id, created_at)
    values (
        p_org_id, v_id, p_contact_id, p_call_id, 'out', 'sms', p_purpose, p_to, p_text, 'twilio',
        private.enqueue_effect(
            p_org_id => p_org_id, p_kind => 'twilio.send_sms',
            p_payload => jsonb_build_object(
                'account', to_jsonb(v_account), 'org_id', p_org_id, 'message_id', v_id,
                'from', private.sender_number(p_org_id, v_account), 'to', p_to, 'body', p_text, 'since', p_now),
            p_run_at => p_now),
        p_now);
    return v_id;
end
$$;

revoke execute on function private.send_sms(uuid, uuid, uuid, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;

-- Takes Twilio's word about a text message, in whatever order it comes: what became of one that was sent, or one that came. Answers
-- the organisation whose account it is.
--
-- One that was sent is found by our own id, which its callback carries, or by Twilio's; whose it is, only the account says.
--
-- Locks: the contact, the message.
create or replace function private.process_twilio_sms(p_event jsonb, p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (private.sms_account(p_event ->> 'AccountSid')).org_id;
    v_sid constant text := p_event ->> 'MessageSid';
    v_said constant text := lower(coalesce(p_event ->> 'MessageStatus', p_event ->> 'SmsStatus'));
    v_status constant text := case
        when v_said in ('accepted', 'scheduled', 'queued', 'sending', 'sent') then 'sent'
        when v_said in ('delivered', 'read') then 'delivered'
        when v_said in ('undelivered', 'failed', 'canceled') then 'failed'
    end;
    v_id uuid;
begin
    if v_org_id is null then
        return null;
    elsif v_said in ('receiving', 'received') then
        perform private.sms_received(v_org_id, p_event, p_now);
    elsif v_status is not null then
        select m.id into v_id from public.messages m where m.org_id = v_org_id and m.external_message_id = v_sid;
        if not found then
            v_id := private.uuid_or_null(p_event ->> 'message_id');
        end if;
        perform private.note_message(
            v_org_id, v_id, v_status, v_sid,
            case when v_status = 'failed' then coalesce(p_event ->> 'ErrorCode', v_said) end, p_now);
    end if;
    return v_org_id;
end
$$;

revoke execute on function private.process_twilio_sms(jsonb, timestamptz) from public, anon, authenticated, service_role;

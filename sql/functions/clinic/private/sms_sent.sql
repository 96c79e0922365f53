-- The step after the effect twilio.send_sms: Twilio has the message, or will never have it.
--
-- Locks: the contact, the message.
create or replace function private.sms_sent(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_failed constant boolean := p_outcome <> 'done' or p_result ? 'refused';
begin
    perform private.note_message(
        (p_effect #>> '{payload,org_id}')::uuid, (p_effect #>> '{payload,message_id}')::uuid,
        case when v_failed then 'failed' else 'sent' end, p_result ->> 'sid',
        case when v_failed then coalesce(p_result ->> 'error_code', nullif(p_outcome, 'done'), 'refused') end,
        (p_effect ->> 'ended_at')::timestamptz);
end
$$;

revoke execute on function private.sms_sent(jsonb, text, jsonb) from public, anon, authenticated, service_role;

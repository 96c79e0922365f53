-- A text message came: kept once, with who wrote it. STOP and START are obeyed; a start where nobody said stop is a reply like
-- any other.
--
-- Locks: the contact, the message.
create or replace function private.sms_received(p_org_id uuid, p_event jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_from constant text := private.contact_phone(p_event ->> 'From');
    v_word constant text := private.sms_keyword(p_event ->> 'Body', p_event ->> 'OptOutType');
    v_contact_id constant uuid := private.contact_of_number(p_org_id, v_from, null, p_now);
    v_media constant integer := (regexp_match(p_event ->> 'NumMedia', '^\d{1,3}$'))[1]::integer;
    v_id uuid;
begin
    insert into public.messages (
        org_id, contact_id, direction, method, purpose, recipient, content, status, service_provider, external_message_id, sent_at,
        created_at)
    values (
        p_org_id, v_contact_id, 'in', 'sms', case when v_word = 'stop' then 'stop' else 'reply' end,
        left(coalesce(p_event ->> 'To', ''), 254),
        left(concat_ws(' ', nullif(p_event ->> 'Body', ''), case when v_media > 0 then format('[%s attached]', v_media) end), 20000),
        'delivered', 'twilio', p_event ->> 'MessageSid', p_now, p_now)
    on conflict on constraint messages_external_message_id do nothing
    returning id into v_id;
    if v_id is null then
        return;
    end if;
    if v_contact_id is not null and v_word in ('stop', 'start') then
        perform private.set_sms_opt_out(p_org_id, v_from, v_word = 'stop', p_now);
    end if;
    perform private.emit_event(p_org_id, 'message.received', jsonb_strip_nulls(jsonb_build_object(
        'id', v_id, 'contact_id', v_contact_id, 'word', v_word)));
end
$$;

revoke execute on function private.sms_received(uuid, jsonb, timestamptz) from public, anon, authenticated, service_role;

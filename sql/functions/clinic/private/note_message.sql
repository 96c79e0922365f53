-- Keeps what is heard of a message that went out: never backwards, whatever the order. The provider's id is kept when it is first
-- named, unless another message of the organisation has it. A number that refuses (21610) said STOP elsewhere: it is texted
-- no more.
--
-- Locks: the contact, the message.
create or replace function private.note_message(
    p_org_id uuid, p_message_id uuid, p_status text, p_external_id text, p_error_code text, p_now timestamptz
)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_message public.messages;
begin
    select * into v_message from public.messages m where m.org_id = p_org_id and m.id = p_message_id and m.direction = 'out';
    if not found then
        return;
    elsif p_error_code = '21610' then
        perform private.set_sms_opt_out(p_org_id, v_message.recipient, true, p_now);
    end if;
    select * into strict v_message from public.messages m where m.org_id = p_org_id and m.id = p_message_id for update;
    update public.messages m set
        external_message_id = coalesce(m.external_message_id, case when not exists (
            select from public.messages o where o.org_id = p_org_id and o.external_message_id = p_external_id) then p_external_id end),
        sent_at = coalesce(m.sent_at, case when p_status in ('sent', 'delivered') then p_now end),
        status = case when private.message_rank(m.status) < private.message_rank(p_status) then p_status else m.status end,
        error_code = case when p_status = 'failed' and m.status <> 'delivered' then coalesce(left(p_error_code, 100), m.error_code)
                          when p_status <> 'delivered' then m.error_code end
    where m.org_id = p_org_id and m.id = p_message_id;
    if private.message_rank(v_message.status) < private.message_rank(p_status) then
        perform private.emit_event(p_org_id, 'message.' || p_status, jsonb_build_object(
            'id', v_message.id, 'contact_id', v_message.contact_id, 'call_id', v_message.call_id));
    end if;
end
$$;

revoke execute on function private.note_message(uuid, uuid, text, text, text, timestamptz)
    from public, anon, authenticated, service_role;

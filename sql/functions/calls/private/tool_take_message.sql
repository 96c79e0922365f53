-- Leaves a message for the clinic: on record first, then emailed to the clinic's address, or to its admins where it has none.
--
-- The same words again in the same call are the same message. The caller's contact is made or matched by number, and an
-- empty name of it filled. Locks: the call, the contact; emails and events last.
create or replace function private.tool_take_message(p_call public.calls, p_arguments jsonb, p_now timestamptz)
returns private.tool_answer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_language constant text := private.language_of(p_call);
    v_phone constant text := coalesce(private.said_number(p_call, private.tool_argument(
        p_arguments, 'phone', 'phonenumber', 'callbacknumber', 'callback', 'callerphone')), private.number_of_call(p_call));
    v_name constant text := private.said_name(p_arguments);
    v_content constant text := private.redact_call_text(p_call.org_id, private.tool_argument(
        p_arguments, 'message', 'content', 'text', 'body', 'note', 'notes', 'reason'));
    v_message public.messages;
begin
    if v_content is null then
        return (private.say('ask_message', v_language), false)::private.tool_answer;
    elsif not exists (
        select from public.messages m
        where m.org_id = p_call.org_id and m.call_id = p_call.id and m.purpose = 'taken_message' and m.content = v_content)
    then
        insert into public.messages (
            org_id, contact_id, call_id, direction, method, purpose, recipient, content, status, service_provider, created_at)
        select p_call.org_id,
               case when v_phone is not null then private.contact_of_number(p_call.org_id, v_phone, v_name, p_now) end,
               p_call.id, 'in', 'email', 'taken_message', coalesce(o.email, p_call.to_number, ''), v_content, 'delivered', 'vapi', p_now
        from public.organizations o
        where o.id = p_call.org_id
        returning * into v_message;
        perform private.send_taken_message(p_call, v_message, v_name, v_phone, lower(private.tool_argument(p_arguments, 'urgency', 'priority')));
        perform private.emit_event(p_call.org_id, 'message.taken', jsonb_build_object(
            'id', v_message.id, 'call_id', p_call.id, 'contact_id', v_message.contact_id));
    end if;
    return (private.say('message_taken', v_language), true)::private.tool_answer;
end
$$;

revoke execute on function private.tool_take_message(public.calls, jsonb, timestamptz) from public, anon, authenticated, service_role;

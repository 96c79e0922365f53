-- A call with whom it was with: the contact by its number, and the name, from a word of the call, from what a tool was told
-- in it, else from the contact. A better word's name replaces a lesser one's, with the contact too.
--
-- Locks: the contact.
create or replace function private.with_contact(
    p_call public.calls, p_before public.calls, p_record private.call_records, p_now timestamptz
)
returns private.known_call
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_known constant boolean := p_call.caller_name is not null and coalesce(p_record.parts ->> 'caller_name', '+') <> '';
    v_call public.calls := p_call;
    v_record private.call_records := p_record;
    v_named text;
begin
    v_named := case when v_known then p_call.caller_name else private.name_told(p_call) end;
    v_call.contact_id := coalesce(p_call.contact_id, private.contact_of_number(p_call.org_id, p_call.phone_number, null, p_now));
    if v_call.contact_id is not null then
        perform from public.contacts c where c.org_id = v_call.org_id and c.id = v_call.contact_id for no key update;
        v_record.named_contact := private.name_contact(
            v_call.org_id, v_call.contact_id, v_named, p_now, case when p_record.named_contact then p_before.caller_name end)
            or p_record.named_contact;
    end if;
    if not v_known then
        v_record.parts := v_record.parts || '{"caller_name": ""}';
        v_call.caller_name := coalesce(v_named, (
            select nullif(concat_ws(' ', c.first_name, c.last_name), '') from public.contacts c
            where c.org_id = v_call.org_id and c.id = v_call.contact_id));
    end if;
    return row(v_call, v_record)::private.known_call;
end
$$;

revoke execute on function private.with_contact(public.calls, public.calls, private.call_records, timestamptz)
    from public, anon, authenticated, service_role;

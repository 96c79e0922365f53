-- Whose call a message is about: known from an earlier message, or by the number that was called, by the call we
-- placed, by Vapi's id of the number, or of the assistant. From then on it is that organisation's. NULL when it is
-- nobody's.
create or replace function private.org_of_message(p_message jsonb)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_vapi_call_id constant text := private.vapi_call_id(p_message);
    v_org_id uuid;
begin
    if v_vapi_call_id is null then
        return null;
    end if;
    v_org_id := private.call_organization(v_vapi_call_id, private.our_number(p_message));
    if v_org_id is not null then
        return v_org_id;
    end if;

    select d.org_id into v_org_id
    from (values
        (1, 'call', private.metadata_call_id(p_message)::text),
        (2, 'vapi_phone_number', p_message #>> '{phoneNumber,id}'),
        (3, 'vapi_phone_number', p_message #>> '{call,phoneNumberId}'),
        (4, 'vapi_assistant', private.assistant_of_message(p_message))
    ) as k (place, kind, key)
    join private.directory d on d.kind = k.kind and d.key = k.key
    order by k.place
    limit 1;
    if v_org_id is not null then
        perform private.own_outside('vapi_call', v_vapi_call_id, v_org_id);
    end if;
    return v_org_id;
end
$$;

revoke execute on function private.org_of_message(jsonb) from public, anon, authenticated, service_role;

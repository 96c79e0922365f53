-- The row of a call that a message is the first to speak of; of one we placed, the row it was placed with.
--
-- Locks: the wallet, before the row.
create or replace function private.begin_call(p_org_id uuid, p_message jsonb, p_now timestamptz)
returns public.calls
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_vapi_call_id constant text := private.vapi_call_id(p_message);
    v_outbound constant boolean := coalesce(p_message #>> '{call,type}', '') = 'outboundPhoneCall';
    v_ours constant text := private.our_number(p_message);
    v_theirs constant text := private.caller_number(p_message);
    v_created_at constant timestamptz := private.vapi_time(p_message #> '{call,createdAt}');
    v_call public.calls;
begin
    perform private.lock_wallet(p_org_id);
    update public.calls c set vapi_call_id = v_vapi_call_id, updated_at = p_now
    where c.org_id = p_org_id and c.id = private.metadata_call_id(p_message) and c.vapi_call_id is null
    returning * into v_call;
    if found then
        return v_call;
    end if;

    insert into public.calls as c (
        org_id, agent_id, call_direction, from_number, to_number, phone_number, vapi_call_id, provider_call_sid,
        created_at, updated_at)
    values (
        p_org_id, (private.answering_agent(p_org_id, p_message)).id,
        case when v_outbound then 'outbound' else 'inbound' end,
        case when v_outbound then v_ours else v_theirs end, case when v_outbound then v_theirs else v_ours end,
        v_theirs, v_vapi_call_id, private.call_sid_of(p_message),
        case when v_created_at between p_now - interval '7 days' and p_now then v_created_at else p_now end, p_now)
    on conflict on constraint calls_vapi_call_id do nothing
    returning * into v_call;
    if found then
        perform private.emit_event(p_org_id, 'call.started', jsonb_build_object(
            'call_id', v_call.id, 'direction', v_call.call_direction, 'phone_number', v_call.phone_number));
    else
        select * into strict v_call from public.calls c where c.org_id = p_org_id and c.vapi_call_id = v_vapi_call_id;
    end if;
    return v_call;
end
$$;

revoke execute on function private.begin_call(uuid, jsonb, timestamptz) from public, anon, authenticated, service_role;

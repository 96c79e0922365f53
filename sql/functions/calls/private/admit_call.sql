-- A call rings: lets it in, with the assistant that answers and the longest it may last, or says what its caller hears
-- instead.
--
-- One that was asked about so long ago that nobody waits for the answer any more is not let in: its caller has heard
-- that we are sorry. A check of call forwarding, which is a call of our own, is not answered by an agent.
--
-- Locks: the wallet, the reservation, the call, its contact.
create or replace function private.admit_call(p_message jsonb, p_received_at timestamptz, p_now timestamptz)
returns private.vapi_outcome
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := private.org_of_message(p_message);
    v_agent public.agents;
    v_call public.calls;
    v_admission private.call_admission;
begin
    if v_org_id is null then
        perform private.alert(null, 'call_for_nobody', 'A call came in for a number that belongs to nobody.', p_now);
        return row(null, private.line_refusal('number_not_in_service', null))::private.vapi_outcome;
    elsif private.is_forwarding_check(v_org_id, private.caller_number(p_message), p_now) then
        return row(v_org_id, private.line_refusal('forwarding_check', null))::private.vapi_outcome;
    elsif p_received_at < p_now - private.line_patience() then
        return row(v_org_id, private.line_refusal('line_unavailable', null))::private.vapi_outcome;
    end if;

    v_agent := private.answering_agent(v_org_id, p_message);
    v_call := private.begin_call(v_org_id, p_message, p_now);
    if v_agent.vapi_assistant_id is null then
        v_admission := private.refuse_call(private.lock_wallet(v_org_id), v_call.id, 'no_agent', p_now);
    else
        v_admission := private.reserve_call_credits(
            v_org_id, v_call.id, v_agent.max_call_seconds, v_call.vapi_call_id, p_now);
    end if;
    if not v_admission.allowed then
        perform private.note_refused_call(v_call, v_admission, p_now);
        return row(v_org_id, jsonb_build_object('error', v_admission.spoken))::private.vapi_outcome;
    end if;

    v_call := private.note_admitted_call(v_call, v_agent, p_message, p_now);
    return row(v_org_id, jsonb_build_object(
        'assistantId', v_agent.vapi_assistant_id,
        'assistantOverrides', jsonb_build_object(
            'maxDurationSeconds', v_admission.max_duration_seconds,
            'variableValues', private.call_variables(v_call, v_agent, p_now),
            'metadata', jsonb_build_object('call_id', v_call.id))))::private.vapi_outcome;
end
$$;

revoke execute on function private.admit_call(jsonb, timestamptz, timestamptz)
    from public, anon, authenticated, service_role;

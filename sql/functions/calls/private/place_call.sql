-- Has an agent call somebody: what it may cost is held first, then the call is on record, then it is ordered. Answers the
-- operation to follow, or why there is no call.
--
-- p_purpose is call_back or test. Locks: the wallet, the reservation, the call, its contact; then enqueues.
--
-- Raises 400 phone_number_invalid, 422 premium_number, 409 do_not_call, 409 outside_calling_hours, 409 number_answers_here,
-- 409 call_under_way, 409 agent_not_ready, 409 no_calling_number. Refuses with 402 wallet_suspended,
-- 402 insufficient_balance, 402 monthly_cap_reached, 402 cap_too_small, 409 too_many_calls, 403 account_suspended.
create or replace function private.place_call(
    p_org_id uuid, p_contact_id uuid, p_agent_id uuid, p_to text, p_purpose text, p_user_id uuid,
    p_now timestamptz default now()
)
returns jsonb
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_call_id constant uuid := gen_random_uuid();
    v_agent public.agents;
    v_number text;
    v_admission private.call_admission;
    v_effect_id uuid;
begin
    perform private.lock_wallet(p_org_id);
    perform private.check_call_wish(p_org_id, p_to, p_purpose, p_user_id, p_now);
    v_agent := private.calling_agent(p_org_id, p_agent_id);
    if v_agent.id is null then
        perform private.fail('agent_not_ready');
    end if;
    v_number := (private.calling_line(p_org_id, v_agent, p_purpose)).number;
    if v_number is null then
        perform private.fail('no_calling_number');
    end if;

    v_admission := private.reserve_call_credits(p_org_id, v_call_id, v_agent.max_call_seconds, null, p_now);
    if not v_admission.allowed then
        return private.refuse_placing(v_admission);
    end if;
    insert into public.calls (
        org_id, id, contact_id, agent_id, call_direction, from_number, to_number, phone_number, caller_name, created_at, updated_at)
    values (
        p_org_id, v_call_id, p_contact_id, v_agent.id, 'outbound', v_number, p_to, p_to,
        (select nullif(concat_ws(' ', c.first_name, c.last_name), '') from public.contacts c
         where c.org_id = p_org_id and c.id = p_contact_id),
        p_now, p_now);
    insert into private.call_records (org_id, call_id, admitted, assistant_version) values (p_org_id, v_call_id, true, v_agent.version);
    update public.contacts c set last_contacted_at = p_now, updated_at = p_now
    where c.org_id = p_org_id and c.id = p_contact_id;
    perform private.emit_event(p_org_id, 'call.started', jsonb_build_object(
        'call_id', v_call_id, 'direction', 'outbound', 'phone_number', p_to));
    v_effect_id := private.enqueue_effect(
        p_org_id => p_org_id, p_kind => 'vapi.create_call',
        p_payload => jsonb_build_object(
            'org_id', p_org_id, 'call_id', v_call_id, 'assistant_id', v_agent.vapi_assistant_id, 'purpose', p_purpose,
            'since', p_now),
        p_run_at => p_now);
    return to_jsonb(private.telephony_operation(p_org_id, v_effect_id));
end
$$;

revoke execute on function private.place_call(uuid, uuid, uuid, text, text, uuid, timestamptz)
    from public, anon, authenticated, service_role;

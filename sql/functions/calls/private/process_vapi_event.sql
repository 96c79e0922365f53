-- Makes of a message of Vapi's what it means, whatever its year and shape; one about nobody's call changes nothing.
--
-- Locks: the wallet of whose call it is where money may move, then its reservation, then the call. What an agent asks for
-- takes the call alone, so that one call's wishes are met one after the other; asked so long ago that nobody waits any more,
-- it is not done behind the caller's back.
create or replace function private.process_vapi_event(p_row private.webhook_inbox, p_now timestamptz)
returns private.vapi_outcome
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_message constant jsonb := private.vapi_event(p_row.body);
    v_call public.calls;
    v_answer jsonb;
begin
    if p_row.event_type = 'assistant-request' then
        return private.admit_call(v_message, p_row.received_at, p_now);
    end if;

    v_call := private.call_of_message(v_message, p_now);
    if p_row.event_type in ('tool-calls', 'transfer-destination-request') then
        if p_row.received_at < p_now - private.line_patience() then
            return row(v_call.org_id, null)::private.vapi_outcome;
        end if;
        select * into v_call
        from public.calls c
        where c.org_id = v_call.org_id and c.id = v_call.id
        for no key update;
    end if;
    if p_row.event_type = 'tool-calls' then
        v_answer := private.run_tools(v_call, v_message, p_now);
        perform private.record_overtaken_tools(v_call, p_now);
    elsif p_row.event_type = 'transfer-destination-request' then
        v_answer := private.transfer_answer(v_call, v_message, p_now);
    elsif v_call.id is null then
        return null;
    elsif p_row.event_type = 'status-update' then
        perform private.call_status_changed(v_call, v_message, p_now);
    elsif p_row.event_type = 'end-of-call-report' then
        perform private.call_reported(v_call, v_message, sha256(p_row.body), p_now);
    end if;
    return row(v_call.org_id, v_answer)::private.vapi_outcome;
end
$$;

revoke execute on function private.process_vapi_event(private.webhook_inbox, timestamptz)
    from public, anon, authenticated, service_role;

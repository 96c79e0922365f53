-- The step after the effect vapi.sync_assistant: which assistant an agent is at Vapi, with which version of it, and whether
-- its tools are linked; or why not. A failure fails no save: it shows, and is tried again within the hour.
--
-- A tool of ours that Vapi does not have any more is registered anew, which links everybody anew. An agent that was
-- changed meanwhile has its next effect waiting.
--
-- Locks: the agent, its organisation's tools by name, the missing tools' registrations; then enqueues.
create or replace function private.assistant_synced(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id constant uuid := (p_effect #>> '{payload,org_id}')::uuid;
    v_agent_id constant uuid := (p_effect #>> '{payload,agent_id}')::uuid;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_agent public.agents;
begin
    select * into v_agent from public.agents a where a.org_id = v_org_id and a.id = v_agent_id for no key update;
    if not found or (p_outcome = 'done' and p_result ->> 'vapi_assistant_id' is null) then
        return;
    elsif p_outcome = 'done' then
        perform private.own_outside('vapi_assistant', p_result ->> 'vapi_assistant_id', v_org_id);
        perform private.note_linked_tools(v_org_id, p_result -> 'tools', v_now);
        perform private.register_again(p_result -> 'missing', v_now);
    end if;
    update public.agents a set
        vapi_assistant_id = coalesce(p_result ->> 'vapi_assistant_id', a.vapi_assistant_id),
        synced_version = coalesce((p_result ->> 'version')::integer, a.synced_version),
        synced_at = case when p_outcome = 'done' then v_now else a.synced_at end,
        tools_status = case when p_outcome = 'done' then private.tools_status_of(v_org_id, p_result -> 'tools') else 'failed' end,
        sync_error = case when p_outcome = 'done' then null else left(p_effect ->> 'last_error', 500) end
    where a.org_id = v_org_id and a.id = v_agent_id
    returning a.* into v_agent;
    perform private.emit_event(v_org_id, 'agent.synced', jsonb_build_object(
        'agent_id', v_agent_id, 'synced_version', v_agent.synced_version, 'tools_status', v_agent.tools_status));
end
$$;

revoke execute on function private.assistant_synced(jsonb, text, jsonb) from public, anon, authenticated, service_role;

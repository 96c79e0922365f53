-- The work of public.delete_agent(). Its numbers go to the next agent; its assistant goes by an effect, after what is still
-- under way for it.
--
-- Locks: the mapping, the agents; then enqueues.
--
-- Raises 404 agent_not_found, and what private.authorize() raises.
create or replace function private.delete_agent(p_agent_id uuid, p_now timestamptz default now())
returns public.agents
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.delete_agent');
    v_agent public.agents := private.lock_agent(v_caller.org_id, p_agent_id, null);
begin
    update public.agents a set deleted_at = p_now, is_active = false, vapi_phone_number_id = null, updated_at = p_now
    where a.org_id = v_agent.org_id and a.id = v_agent.id
    returning a.* into v_agent;
    perform private.link_agents(v_agent.org_id, p_now);
    perform private.enqueue_effect(
        p_org_id => v_agent.org_id, p_kind => 'vapi.drop_assistant',
        p_payload => jsonb_build_object(
            'org_id', v_agent.org_id, 'agent_id', v_agent.id, 'vapi_assistant_id', v_agent.vapi_assistant_id,
            'name', 'voxanne:' || v_agent.id),
        p_queue_key => 'agent:' || v_agent.id, p_run_at => p_now);
    perform private.emit_event(v_agent.org_id, 'agent.deleted', jsonb_build_object('agent_id', v_agent.id));
    return v_agent;
end
$$;

revoke execute on function private.delete_agent(uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.delete_agent(uuid, timestamptz) to authenticated;

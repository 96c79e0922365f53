-- What follows from a save: numbers, the assistant at Vapi, and whoever looks. Answers the agent as it is by then.
--
-- Locks: the mapping and the agents, then the tools' registrations while one is missing; then enqueues.
create or replace function private.agent_saved(p_agent public.agents, p_now timestamptz)
returns public.agents
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent public.agents;
begin
    perform private.answer_number(p_agent, p_now);
    perform private.link_agents(p_agent.org_id, p_now);
    select * into strict v_agent from public.agents a where a.org_id = p_agent.org_id and a.id = p_agent.id;
    perform private.keep_tools(p_now);
    perform private.order_sync(p_agent.org_id, p_agent.id, p_now);
    perform private.emit_event(p_agent.org_id, 'agent.saved', jsonb_build_object('agent_id', v_agent.id, 'version', v_agent.version));
    return v_agent;
end
$$;

revoke execute on function private.agent_saved(public.agents, timestamptz)
    from public, anon, authenticated, service_role;

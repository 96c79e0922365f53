-- Every hour: tries again what failed. Tools that could not be registered first, then agents whose assistant is behind and for
-- whom nothing is under way.
--
-- Locks: the failed registrations; the agents are only looked at; then enqueues.
create or replace function private.retry_agents(p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tool public.tool_definitions;
    v_agent public.agents;
    v_tools integer := 0;
    v_agents integer := 0;
begin
    for v_tool in
        select d.* from public.tool_definitions d
        join private.tool_registrations r
            on r.tool_name = d.name and r.definition_hash = d.definition_hash and r.state = 'failed'
        order by d.name
    loop
        update private.tool_registrations r set state = 'pending', updated_at = p_now
        where r.tool_name = v_tool.name and r.definition_hash = v_tool.definition_hash and r.state = 'failed';
        continue when not found;
        perform private.order_tool(v_tool, p_now);
        v_tools := v_tools + 1;
    end loop;

    for v_agent in
        select a.* from public.agents a
        where a.deleted_at is null and (a.tools_status <> 'linked' or a.synced_version is distinct from a.version)
        order by a.org_id, a.id
    loop
        continue when exists (select from private.effects e where e.queue_key = 'agent:' || v_agent.id);
        perform private.order_sync(v_agent.org_id, v_agent.id, p_now, 200);
        v_agents := v_agents + 1;
    end loop;
    return format('%s tools, %s agents', v_tools, v_agents);
end
$$;

revoke execute on function private.retry_agents(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.retry_agents(timestamptz) to service_role;

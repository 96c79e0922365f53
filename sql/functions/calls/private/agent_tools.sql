-- Tools as an organisation uses them. Without a row of its own a tool is used.
create or replace function private.agent_tools(p_org_id uuid)
returns setof public.agent_tool
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select d.name, d.description, coalesce(t.enabled, true), coalesce(t.config, '{}'),
        case when not coalesce(t.enabled, true) then 'unused'
             when r.state = 'failed' then 'failed'
             when r.state = 'registered' and t.vapi_tool_id = r.vapi_tool_id then 'linked'
             else 'pending' end,
        t.vapi_tool_id, t.updated_at
    from public.tool_definitions d
    left join public.org_tools t on t.org_id = p_org_id and t.tool_name = d.name
    left join private.tool_registrations r on r.tool_name = d.name and r.definition_hash = d.definition_hash
    order by d.name;
$$;

revoke execute on function private.agent_tools(uuid) from public, anon, authenticated, service_role;

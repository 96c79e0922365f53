-- Whether an organisation has agents, and they are linked to another tool than the one registered for today's definition.
create or replace function private.tools_are_behind(p_org_id uuid)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from public.agents a where a.org_id = p_org_id and a.deleted_at is null)
       and exists (
           select from public.tool_definitions d
           join private.tool_registrations r
               on r.tool_name = d.name and r.definition_hash = d.definition_hash and r.state = 'registered'
           left join public.org_tools t on t.org_id = p_org_id and t.tool_name = d.name
           where coalesce(t.enabled, true) and t.vapi_tool_id is distinct from r.vapi_tool_id);
$$;

revoke execute on function private.tools_are_behind(uuid) from public, anon, authenticated, service_role;

-- Whether there is a tool of this name and the organisation has not turned it off.
create or replace function private.tool_is_used(p_org_id uuid, p_tool_name text)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (select from public.tool_definitions d where d.name = p_tool_name)
       and not exists (
           select from public.org_tools t where t.org_id = p_org_id and t.tool_name = p_tool_name and not t.enabled);
$$;

revoke execute on function private.tool_is_used(uuid, text) from public, anon, authenticated, service_role;

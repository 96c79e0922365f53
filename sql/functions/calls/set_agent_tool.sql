-- Says whether the organisation's agents use a tool, and how; what is absent stays.
--
-- Raises 404 tool_not_found, 422 invalid_value, and what private.authorize() raises.
create or replace function public.set_agent_tool(
    p_tool_name text, p_enabled boolean default null, p_config jsonb default null)
returns public.agent_tool
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_agent_tool(p_tool_name, p_enabled, p_config);
$$;

revoke execute on function public.set_agent_tool(text, boolean, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.set_agent_tool(text, boolean, jsonb) to authenticated;

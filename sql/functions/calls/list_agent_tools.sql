-- What the organisation's agents can do, and which of it they may.
--
-- Raises what private.authorize() raises.
create or replace function public.list_agent_tools()
returns setof public.agent_tool
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.list_agent_tools();
$$;

revoke execute on function public.list_agent_tools() from public, anon, authenticated, service_role;
grant execute on function public.list_agent_tools() to authenticated;

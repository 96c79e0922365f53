-- The work of public.list_agent_tools().
--
-- Raises what private.authorize() raises.
create or replace function private.list_agent_tools()
returns setof public.agent_tool
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_agent_tools');
begin
    return query select t.* from private.agent_tools(v_caller.org_id) as t;
end
$$;

revoke execute on function private.list_agent_tools() from public, anon, authenticated, service_role;
grant execute on function private.list_agent_tools() to authenticated;

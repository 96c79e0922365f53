-- The work of public.set_agent_tool(). Every agent of the organisation is linked anew when the use of a tool changes.
--
-- Locks: the organisation's row of the tool, the agents by id; then enqueues.
--
-- Raises 404 tool_not_found, 422 invalid_value, and what private.authorize() raises.
create or replace function private.set_agent_tool(
    p_tool_name text, p_enabled boolean default null, p_config jsonb default null, p_now timestamptz default now())
returns public.agent_tool
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.set_agent_tool');
    v_old public.org_tools;
    v_tool public.agent_tool;
begin
    if not exists (select from public.tool_definitions d where d.name = p_tool_name) then
        perform private.fail('tool_not_found');
    elsif jsonb_typeof(p_config) <> 'object' or length(p_config::text) > 10000 then
        perform private.fail('invalid_value', '{"field": "config"}');
    end if;
    insert into public.org_tools (org_id, tool_name, updated_at) values (v_caller.org_id, p_tool_name, p_now)
    on conflict (org_id, tool_name) do nothing;
    select * into strict v_old from public.org_tools t
    where t.org_id = v_caller.org_id and t.tool_name = p_tool_name
    for no key update;
    update public.org_tools t set
        enabled = coalesce(p_enabled, t.enabled), config = coalesce(p_config, t.config), updated_at = p_now
    where t.org_id = v_caller.org_id and t.id = v_old.id;
    if p_enabled <> v_old.enabled then
        perform private.order_syncs(v_caller.org_id, p_now);
    end if;
    select t.* into strict v_tool from private.agent_tools(v_caller.org_id) as t where t.tool_name = p_tool_name;
    return v_tool;
end
$$;

revoke execute on function private.set_agent_tool(text, boolean, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.set_agent_tool(text, boolean, jsonb, timestamptz) to authenticated;

-- Which tools ran during a call of the caller's organisation, in order.
--
-- Raises what private.authorize() raises.
create or replace function private.tools_of_call(p_call_id uuid)
returns public.call_tool_run[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.get_call');
begin
    return array(
        select (r.tool_name, r.arguments, r.result, r.ok, r.created_at)::public.call_tool_run
        from private.tool_runs r
        where r.org_id = v_caller.org_id and r.call_id = p_call_id
        order by r.created_at, r.tool_call_id);
end
$$;

revoke execute on function private.tools_of_call(uuid) from public, anon, authenticated, service_role;
grant execute on function private.tools_of_call(uuid) to authenticated;

-- Whether a tool has done its work in this call before.
create or replace function private.tool_was_used(p_call public.calls, p_tool_name text)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from private.tool_runs r
        where r.org_id = p_call.org_id and r.call_id = p_call.id and r.tool_name = p_tool_name and r.ok);
$$;

revoke execute on function private.tool_was_used(public.calls, text) from public, anon, authenticated, service_role;

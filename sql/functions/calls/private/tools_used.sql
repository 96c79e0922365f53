-- The tools an agent used in a call, each once: those known before, those a word of the call shows, and those that ran here.
create or replace function private.tools_used(p_call public.calls, p_shown text[])
returns text[]
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct t.name), '{}')
    from (
        select unnest(p_call.tools_used || p_shown)
        union all
        select r.tool_name from private.tool_runs r where r.org_id = p_call.org_id and r.call_id = p_call.id
    ) as t (name);
$$;

revoke execute on function private.tools_used(public.calls, text[]) from public, anon, authenticated, service_role;

-- The name that a tool was told in a call, the latest; NULL when none was.
create or replace function private.name_told(p_call public.calls)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select n.name
    from private.tool_runs r
    cross join lateral (select private.person_name(private.said_name(r.arguments))) as n (name)
    where r.org_id = p_call.org_id and r.call_id = p_call.id and n.name is not null
    order by r.created_at desc, r.tool_call_id
    limit 1;
$$;

revoke execute on function private.name_told(public.calls) from public, anon, authenticated, service_role;

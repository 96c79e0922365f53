-- Whether these are all the tools that an organisation's agents use: linked; failed where one of them could not be registered;
-- else pending, since the others come by themselves.
create or replace function private.tools_status_of(p_org_id uuid, p_tools jsonb)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case when coalesce(bool_and(coalesce(r.state = 'registered' and p_tools ->> d.name = r.vapi_tool_id, false)), true)
                    then 'linked'
                when bool_or(r.state = 'failed') then 'failed'
                else 'pending' end
    from public.tool_definitions d
    left join public.org_tools t on t.org_id = p_org_id and t.tool_name = d.name
    left join private.tool_registrations r on r.tool_name = d.name and r.definition_hash = d.definition_hash
    where coalesce(t.enabled, true);
$$;

revoke execute on function private.tools_status_of(uuid, jsonb) from public, anon, authenticated, service_role;

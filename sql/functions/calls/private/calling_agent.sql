-- Who calls: the agent that was asked for, else the organisation's first active one for calling out. NULL when there is
-- none whose assistant is ready at Vapi.
create or replace function private.calling_agent(p_org_id uuid, p_agent_id uuid)
returns public.agents
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select a.*
    from public.agents a
    where a.org_id = p_org_id and a.deleted_at is null and a.vapi_assistant_id is not null
      and (a.id = p_agent_id or (p_agent_id is null and a.direction = 'outbound' and a.is_active))
    order by a.created_at, a.id
    limit 1;
$$;

revoke execute on function private.calling_agent(uuid, uuid) from public, anon, authenticated, service_role;

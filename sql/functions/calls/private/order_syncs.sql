-- Has the assistants of all an organisation's agents made anew. Answers how many.
--
-- Locks: the agents, by id.
create or replace function private.order_syncs(p_org_id uuid, p_now timestamptz, p_priority integer default null)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent_id uuid;
    v_count integer := 0;
begin
    for v_agent_id in
        select a.id from public.agents a where a.org_id = p_org_id and a.deleted_at is null order by a.id for no key update
    loop
        update public.agents a set tools_status = 'pending', sync_error = null
        where a.org_id = p_org_id and a.id = v_agent_id;
        perform private.order_sync(p_org_id, v_agent_id, p_now, p_priority);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;

revoke execute on function private.order_syncs(uuid, timestamptz, integer)
    from public, anon, authenticated, service_role;

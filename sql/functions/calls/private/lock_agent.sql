-- Holds an agent that is there, to change it. What rings for the organisation is held before it, as telephony does.
--
-- Locks: the mapping, the agent.
--
-- Raises 404 agent_not_found, 409 agent_changed.
create or replace function private.lock_agent(p_org_id uuid, p_agent_id uuid, p_version integer)
returns public.agents
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent public.agents;
begin
    perform from public.phone_number_mapping m where m.org_id = p_org_id order by m.phone_number for update;
    select * into v_agent from public.agents a
    where a.org_id = p_org_id and a.id = p_agent_id and a.deleted_at is null
    for no key update;
    if not found then
        perform private.fail('agent_not_found');
    elsif v_agent.version <> p_version then
        perform private.fail('agent_changed', jsonb_build_object('version', v_agent.version));
    end if;
    return v_agent;
end
$$;

revoke execute on function private.lock_agent(uuid, uuid, integer) from public, anon, authenticated, service_role;

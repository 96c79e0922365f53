-- One agent.
--
-- Raises 404 agent_not_found, and what private.authorize() raises.
create or replace function public.get_agent(p_agent_id uuid)
returns public.agents
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.get_agent');
    v_agent public.agents;
begin
    select * into v_agent from public.agents a
    where a.org_id = v_caller.org_id and a.id = p_agent_id and a.deleted_at is null;
    if not found then
        perform private.fail('agent_not_found');
    end if;
    return v_agent;
end
$$;

revoke execute on function public.get_agent(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_agent(uuid) to authenticated;

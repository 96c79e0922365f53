-- Takes an agent away: it answers and calls no more. It stays for the calls it had.
--
-- Raises 404 agent_not_found, and what private.authorize() raises.
create or replace function public.delete_agent(p_agent_id uuid)
returns public.agents
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.delete_agent(p_agent_id);
$$;

revoke execute on function public.delete_agent(uuid) from public, anon, authenticated, service_role;
grant execute on function public.delete_agent(uuid) to authenticated;

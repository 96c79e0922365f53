-- Makes an agent what it was at a version before: a save like any other, so it can be rolled back too.
--
-- Raises 404 agent_not_found, 404 agent_version_not_found, 409 agent_changed, 422 invalid_value, 422 voice_unknown,
-- 422 model_unknown, 422 language_unknown, and what private.authorize() raises.
create or replace function public.rollback_agent(
    p_agent_id uuid, p_version integer, p_current_version integer default null)
returns public.agents
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.rollback_agent(p_agent_id, p_version, p_current_version);
$$;

revoke execute on function public.rollback_agent(uuid, integer, integer) from public, anon, authenticated, service_role;
grant execute on function public.rollback_agent(uuid, integer, integer) to authenticated;

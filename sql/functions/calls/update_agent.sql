-- Changes an agent: a patch, in which an absent key stays and null clears. What was is kept as a version. With p_version only
-- if the agent is still at that one.
--
-- Raises 404 agent_not_found, 409 agent_changed, 422 unknown_field, 422 invalid_value, 422 voice_unknown, 422 model_unknown,
-- 422 language_unknown, 422 agent_number_unknown, 400 phone_number_invalid, 422 premium_number, and what
-- private.authorize() raises.
create or replace function public.update_agent(p_agent_id uuid, p_patch jsonb, p_version integer default null)
returns public.agents
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.update_agent(p_agent_id, p_patch, p_version);
$$;

revoke execute on function public.update_agent(uuid, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function public.update_agent(uuid, jsonb, integer) to authenticated;

-- Makes an agent: at least {"name", "direction"}. Its assistant at Vapi follows at once, by an effect; the numbers that the
-- organisation has are linked to it.
--
-- Raises 409 too_many_agents, 422 unknown_field, 422 invalid_value, 422 voice_unknown, 422 model_unknown,
-- 422 language_unknown, 422 agent_number_unknown, 400 phone_number_invalid, 422 premium_number, and what
-- private.authorize() raises.
create or replace function public.create_agent(p_settings jsonb)
returns public.agents
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.create_agent(p_settings);
$$;

revoke execute on function public.create_agent(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.create_agent(jsonb) to authenticated;

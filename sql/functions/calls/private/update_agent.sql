-- The work of public.update_agent(). Locks: the mapping, the agents.
--
-- Raises 404 agent_not_found, 409 agent_changed, 422 unknown_field, 422 invalid_value, 422 voice_unknown, 422 model_unknown,
-- 422 language_unknown, 422 agent_number_unknown, 400 phone_number_invalid, 422 premium_number, and what
-- private.authorize() raises.
create or replace function private.update_agent(
    p_agent_id uuid, p_patch jsonb, p_version integer default null, p_now timestamptz default now())
returns public.agents
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.update_agent');
    v_agent public.agents;
begin
    perform private.check_agent_patch(p_patch, false);
    v_agent := private.lock_agent(v_caller.org_id, p_agent_id, p_version);
    return private.save_agent(v_agent, jsonb_populate_record(v_agent, p_patch), v_caller.user_id, p_now);
end
$$;

revoke execute on function private.update_agent(uuid, jsonb, integer, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.update_agent(uuid, jsonb, integer, timestamptz) to authenticated;

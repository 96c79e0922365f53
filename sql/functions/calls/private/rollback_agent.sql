-- The work of public.rollback_agent(). A number that the organisation no longer has does not come back with the rest.
--
-- Locks: the mapping, the agents.
--
-- Raises 404 agent_not_found, 404 agent_version_not_found, 409 agent_changed, 422 invalid_value, 422 voice_unknown,
-- 422 model_unknown, 422 language_unknown, and what private.authorize() raises.
create or replace function private.rollback_agent(
    p_agent_id uuid, p_version integer, p_current_version integer default null, p_now timestamptz default now())
returns public.agents
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.rollback_agent');
    v_agent public.agents := private.lock_agent(v_caller.org_id, p_agent_id, p_current_version);
    v_settings jsonb;
    v_wanted public.agents;
begin
    if p_version = v_agent.version then
        return v_agent;
    end if;
    select v.settings into v_settings from public.agent_versions v
    where v.org_id = v_caller.org_id and v.agent_id = p_agent_id and v.version = p_version;
    if not found then
        perform private.fail('agent_version_not_found');
    end if;
    v_wanted := jsonb_populate_record(v_agent, v_settings);
    if v_wanted.vapi_phone_number_id is not null and not private.may_speak_through(v_wanted) then
        v_wanted.vapi_phone_number_id := v_agent.vapi_phone_number_id;
    end if;
    return private.save_agent(v_agent, v_wanted, v_caller.user_id, p_now);
end
$$;

revoke execute on function private.rollback_agent(uuid, integer, integer, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.rollback_agent(uuid, integer, integer, timestamptz) to authenticated;

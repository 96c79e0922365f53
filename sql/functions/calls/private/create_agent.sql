-- The work of public.create_agent().
--
-- Locks: the mapping; the organisation's row, so that two at once do not pass the limit; the agents.
--
-- Raises 409 too_many_agents, 422 unknown_field, 422 invalid_value, 422 voice_unknown, 422 model_unknown,
-- 422 language_unknown, 422 agent_number_unknown, 400 phone_number_invalid, 422 premium_number, and what
-- private.authorize() raises.
create or replace function private.create_agent(p_settings jsonb, p_now timestamptz default now())
returns public.agents
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_most_agents constant integer := 50;
    v_caller constant private.caller := private.authorize('public.create_agent');
    v_agent public.agents;
begin
    perform private.check_agent_patch(p_settings, true);
    perform from public.phone_number_mapping m where m.org_id = v_caller.org_id order by m.phone_number for update;
    perform from public.organizations o where o.id = v_caller.org_id for no key update;
    if (select count(*) from public.agents a where a.org_id = v_caller.org_id and a.deleted_at is null) >= c_most_agents then
        perform private.fail('too_many_agents');
    end if;

    v_agent := private.tidy_agent(jsonb_populate_record(null::public.agents, jsonb_build_object(
        'org_id', v_caller.org_id, 'id', gen_random_uuid(), 'system_prompt', '', 'language', 'en-GB', 'temperature', 0.7,
        'max_call_seconds', 600, 'silence_timeout_seconds', 30, 'recording_enabled', true, 'is_active', true,
        'business_hours', jsonb_build_object(), 'version', 1, 'created_at', p_now, 'updated_at', p_now,
        'tools_status', 'pending') || p_settings));
    perform private.check_agent(v_agent);
    insert into public.agents select (v_agent).*;
    return private.agent_saved(v_agent, p_now);
end
$$;

revoke execute on function private.create_agent(jsonb, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.create_agent(jsonb, timestamptz) to authenticated;

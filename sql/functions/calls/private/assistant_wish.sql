-- What an agent's assistant at Vapi is to be, as it is now: NULL for an agent that is gone.
--
-- `assistant` is in Vapi's words, without what the server alone knows (where it is, and its secret) and without tools.
-- `tools` are the ids of the tools to link, by name; `our_tools` are all that were ever ours, so that those not wanted any
-- more are unlinked. `bypassing` says which tools of others are taken off: kinds that begin so and names or addresses
-- that hold such a word, because they would do at another provider what the backend is to know of.
create or replace function private.assistant_wish(p_org_id uuid, p_agent_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent public.agents;
    v_tools jsonb;
begin
    select * into v_agent from public.agents a where a.org_id = p_org_id and a.id = p_agent_id and a.deleted_at is null;
    if not found then
        return null;
    end if;
    select coalesce(jsonb_object_agg(d.name, r.vapi_tool_id), '{}') into v_tools
    from public.tool_definitions d
    join private.tool_registrations r
        on r.tool_name = d.name and r.definition_hash = d.definition_hash and r.vapi_tool_id is not null
    left join public.org_tools t on t.org_id = p_org_id and t.tool_name = d.name
    where coalesce(t.enabled, true);

    return jsonb_build_object(
        'vapi_assistant_id', v_agent.vapi_assistant_id,
        'name', 'voxanne:' || v_agent.id,
        'version', v_agent.version,
        'assistant', private.assistant_speech(v_agent, v_tools) || private.assistant_conduct(v_agent),
        'tools', v_tools,
        'our_tools', (
            select coalesce(jsonb_agg(r.vapi_tool_id order by r.vapi_tool_id), '[]')
            from private.tool_registrations r where r.vapi_tool_id is not null),
        'bypassing', '{"kinds": ["google.", "gohighlevel."], "words": ["nango", "googleapis.com"]}'::jsonb);
end
$$;

revoke execute on function private.assistant_wish(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.assistant_wish(uuid, uuid) to service_role;

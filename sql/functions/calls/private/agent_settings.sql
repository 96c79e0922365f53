-- What a save of an agent keeps, and a rollback brings back: everything a person sets.
create or replace function private.agent_settings(p_agent public.agents)
returns jsonb
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select to_jsonb(p_agent)
        - array['org_id', 'id', 'direction', 'vapi_assistant_id', 'version', 'created_at', 'updated_at', 'tools_status',
                'synced_version', 'synced_at', 'sync_error', 'deleted_at'];
$$;

revoke execute on function private.agent_settings(public.agents) from public, anon, authenticated, service_role;

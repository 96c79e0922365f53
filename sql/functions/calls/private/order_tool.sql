-- Has a tool registered at Vapi as it is defined now. Nothing else happens to a tool of that name meanwhile.
--
-- Locks: the key's last effect.
create or replace function private.order_tool(p_tool public.tool_definitions, p_now timestamptz)
returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.enqueue_effect(
        p_org_id => null, p_kind => 'vapi.register_tool',
        p_payload => jsonb_build_object(
            'tool_name', p_tool.name, 'definition_hash', p_tool.definition_hash, 'description', p_tool.description,
            'parameters', p_tool.parameters,
            'vapi_tool_id', (
                select r.vapi_tool_id from private.tool_registrations r
                where r.tool_name = p_tool.name and r.definition_hash = p_tool.definition_hash)),
        p_queue_key => 'tool:' || p_tool.name, p_run_at => p_now);
$$;

revoke execute on function private.order_tool(public.tool_definitions, timestamptz)
    from public, anon, authenticated, service_role;

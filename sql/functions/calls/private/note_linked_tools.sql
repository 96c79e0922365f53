-- Notes which tools at Vapi an organisation's agents use by now: {"checkAvailability": "<id>"}.
--
-- Locks: the organisation's tools, by name.
create or replace function private.note_linked_tools(p_org_id uuid, p_tools jsonb, p_now timestamptz)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into public.org_tools as t (org_id, tool_name, vapi_tool_id, definition_hash, updated_at)
    select p_org_id, r.tool_name, r.vapi_tool_id, r.definition_hash, p_now
    from jsonb_each_text(p_tools) as l
    join private.tool_registrations r on r.tool_name = l.key and r.vapi_tool_id = l.value
    order by r.tool_name
    on conflict (org_id, tool_name) do update set
        vapi_tool_id = excluded.vapi_tool_id, definition_hash = excluded.definition_hash, updated_at = excluded.updated_at
    where t.vapi_tool_id is distinct from excluded.vapi_tool_id;
$$;

revoke execute on function private.note_linked_tools(uuid, jsonb, timestamptz)
    from public, anon, authenticated, service_role;

-- Notes a refused tool call where auditors look: at the organisation whose call it came in, or at nobody's.
create or replace function private.note_refused_tool(p_call public.calls, p_named text, p_details jsonb)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.record_security_event('tool_call_refused', p_call.org_id, null, jsonb_strip_nulls(
        jsonb_build_object('call_id', p_call.id, 'named', 'another organisation''s ' || p_named) || p_details));
$$;

revoke execute on function private.note_refused_tool(public.calls, text, jsonb) from public, anon, authenticated, service_role;

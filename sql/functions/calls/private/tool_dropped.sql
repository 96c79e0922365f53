-- The step after the effect vapi.drop_tool: a tool that is gone is forgotten, unless its definition has come back meanwhile.
--
-- Locks: the registration.
create or replace function private.tool_dropped(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if p_outcome = 'done' then
        delete from private.tool_registrations r
        where r.tool_name = p_effect #>> '{payload,tool_name}' and r.definition_hash = p_effect #>> '{payload,definition_hash}'
          and r.state = 'retired';
    end if;
end
$$;

revoke execute on function private.tool_dropped(jsonb, text, jsonb) from public, anon, authenticated, service_role;

-- What a tool was called with, as an object, whatever Vapi made of it: an object, or a text that holds one (once or twice
-- over). Anything else is an empty object, and the tool asks for what it misses.
create or replace function private.tool_arguments(p_value jsonb)
returns jsonb
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_value jsonb := p_value;
begin
    for v_depth in 1 .. 2 loop
        exit when jsonb_typeof(v_value) is distinct from 'string';
        begin
            v_value := (v_value #>> '{}')::jsonb;
        exception when others then
            return jsonb_build_object();
        end;
    end loop;
    return case when jsonb_typeof(v_value) = 'object' then v_value else '{}' end;
end
$$;

revoke execute on function private.tool_arguments(jsonb) from public, anon, authenticated, service_role;

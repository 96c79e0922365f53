-- Has tools registered again that Vapi lost: an array of their names.
--
-- Locks: the tools' registrations, by name; then enqueues.
create or replace function private.register_again(p_names jsonb, p_now timestamptz)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tool public.tool_definitions;
begin
    for v_tool in
        select d.* from public.tool_definitions d
        where d.name in (select n.name from jsonb_array_elements_text(p_names) as n (name))
        order by d.name
    loop
        update private.tool_registrations r set state = 'pending', updated_at = p_now
        where r.tool_name = v_tool.name and r.definition_hash = v_tool.definition_hash and r.state = 'registered';
        continue when not found;
        perform private.order_tool(v_tool, p_now);
    end loop;
end
$$;

revoke execute on function private.register_again(jsonb, timestamptz) from public, anon, authenticated, service_role;

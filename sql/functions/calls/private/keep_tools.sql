-- Every minute, and whenever an agent is saved: has each definition that is not at Vapi registered there, such as one that came
-- with a new release. Answers how many. Usually there is none, and nothing is written.
--
-- Locks: the registrations that are missing; then enqueues.
create or replace function private.keep_tools(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tool public.tool_definitions;
    v_count integer := 0;
begin
    for v_tool in
        select d.* from public.tool_definitions d
        where not exists (
            select from private.tool_registrations r
            where r.tool_name = d.name and r.definition_hash = d.definition_hash and r.state <> 'retired')
        order by d.name
    loop
        insert into private.tool_registrations as r (tool_name, definition_hash, created_at, updated_at)
        values (v_tool.name, v_tool.definition_hash, p_now, p_now)
        on conflict (tool_name, definition_hash) do update set state = 'pending', updated_at = p_now
        where r.state = 'retired';
        continue when not found;
        perform private.order_tool(v_tool, p_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;

revoke execute on function private.keep_tools(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.keep_tools(timestamptz) to service_role;

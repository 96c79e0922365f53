-- Each night: has every tool and every assistant at Vapi looked at and made what it should be, so that what was taken away or
-- changed there by hand is as it was, and what the server calls itself is known. Each at a moment of its own within p_within.
--
-- Locks: the registrations that are missing; then enqueues.
create or replace function private.check_assistants(
    p_now timestamptz default now(), p_within interval default interval '4 hours')
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent public.agents;
    v_count integer := 0;
begin
    perform private.keep_tools(p_now);
    perform private.order_tool(d, p_now)
    from public.tool_definitions d
    join private.tool_registrations r
        on r.tool_name = d.name and r.definition_hash = d.definition_hash and r.state = 'registered'
    order by d.name;
    for v_agent in
        select a.* from public.agents a
        join public.organizations o on o.id = a.org_id and o.suspended_at is null
        where a.deleted_at is null and a.vapi_assistant_id is not null
        order by a.org_id, a.id
    loop
        continue when exists (select from private.effects e where e.queue_key = 'agent:' || v_agent.id);
        perform private.order_sync(
            v_agent.org_id, v_agent.id,
            p_now + p_within * (mod(abs(hashtext(v_agent.id::text)::bigint), 1000) / 1000.0), 200);
        v_count := v_count + 1;
    end loop;
    return format('%s assistants to look at', v_count);
end
$$;

revoke execute on function private.check_assistants(timestamptz, interval) from public, anon, authenticated, service_role;
grant execute on function private.check_assistants(timestamptz, interval) to service_role;

-- Each night: has every tool and every assistant at Vapi looked at and made what it should be, so that what was taken away or
-- changed there by hand is as it was, and what the server calls itself is known. One organisation after the other, at moments
-- of its own over four hours.
--
-- Locks: nothing; enqueues.
create or replace function private.check_assistants(p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_agent public.agents;
    v_count integer := 0;
begin
    perform private.order_tool(d, p_now) from public.tool_definitions d order by d.name;
    for v_agent in
        select a.* from public.agents a
        join public.organizations o on o.id = a.org_id and o.suspended_at is null
        where a.deleted_at is null and a.vapi_assistant_id is not null
        order by a.org_id, a.id
    loop
        continue when exists (select from private.effects e where e.queue_key = 'agent:' || v_agent.id);
        perform private.order_sync(
            v_agent.org_id, v_agent.id,
            p_now + mod(abs(hashtext(v_agent.id::text)::bigint), 14400) * interval '1 second', 200);
        v_count := v_count + 1;
    end loop;
    return format('%s assistants to look at', v_count);
end
$$;

revoke execute on function private.check_assistants(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.check_assistants(timestamptz) to service_role;

-- Every hour: takes retired tools away at Vapi, once no agent is linked to them and the longest call that began with one is
-- over.
--
-- Locks: the registrations; then enqueues.
create or replace function private.drop_old_tools(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- What an agent's max_call_seconds can be at most, and an hour for what was said too late.
    c_longest_call constant interval := interval '13 hours';
    v_old private.tool_registrations;
    v_count integer := 0;
begin
    for v_old in
        select r.* from private.tool_registrations r
        where r.state = 'retired' and r.updated_at <= p_now - c_longest_call
          and not exists (
              select from public.org_tools t
              where t.vapi_tool_id = r.vapi_tool_id and t.enabled
                and exists (select from public.agents a where a.org_id = t.org_id and a.deleted_at is null))
          and not exists (select from private.effects e where e.queue_key = 'tool:' || r.tool_name)
        order by r.tool_name, r.definition_hash
    loop
        perform private.enqueue_effect(
            p_org_id => null, p_kind => 'vapi.drop_tool',
            p_payload => jsonb_build_object(
                'tool_name', v_old.tool_name, 'definition_hash', v_old.definition_hash, 'vapi_tool_id', v_old.vapi_tool_id),
            p_queue_key => 'tool:' || v_old.tool_name, p_run_at => p_now);
        v_count := v_count + 1;
    end loop;
    return v_count;
end
$$;

revoke execute on function private.drop_old_tools(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.drop_old_tools(timestamptz) to service_role;

-- Has an agent's assistant at Vapi made as the agent is. What is ordered for one agent happens one after the other, and each
-- reads the agent as it is by then: an order that has not begun is this one, too, and is brought forward.
--
-- Locks: the agent's order that has not begun, or the key's last effect.
create or replace function private.order_sync(
    p_org_id uuid, p_agent_id uuid, p_now timestamptz, p_priority integer default null)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_id uuid;
begin
    update private.effects e set
        priority = least(e.priority, coalesce(p_priority, k.priority)), run_at = least(e.run_at, p_now)
    from private.effect_kinds k
    where k.kind = e.kind and e.id = (
        select w.id from private.effects w
        where w.queue_key = 'agent:' || p_agent_id and w.kind = 'vapi.sync_assistant' and w.state in ('waiting', 'ready')
        order by w.id
        limit 1
        for update)
    returning e.id into v_id;
    if v_id is not null then
        perform set_config('voxanne.wake', 'on', true);
        return v_id;
    end if;
    return private.enqueue_effect(
        p_org_id => p_org_id, p_kind => 'vapi.sync_assistant',
        p_payload => jsonb_build_object('org_id', p_org_id, 'agent_id', p_agent_id),
        p_queue_key => 'agent:' || p_agent_id, p_run_at => p_now, p_priority => p_priority);
end
$$;

revoke execute on function private.order_sync(uuid, uuid, timestamptz, integer)
    from public, anon, authenticated, service_role;

-- The step after the effect calls.relink: has the agents of some organisations linked to the tools of today, and orders the
-- rest of the round. Agents that are linked to them already stay as they are.
--
-- Locks: the agents, organisation by organisation; then enqueues.
create or replace function private.relink_organizations(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_at_once constant integer := 100;
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_org_id uuid;
    v_count integer := 0;
begin
    if p_outcome <> 'done' then
        return;
    end if;
    for v_org_id in
        select o from private.organizations_after((p_effect #>> '{payload,after}')::uuid, c_at_once) as o
    loop
        v_count := v_count + 1;
        if private.tools_are_behind(v_org_id) then
            perform private.order_syncs(v_org_id, v_now, 200);
        end if;
    end loop;
    if v_count = c_at_once then
        perform private.enqueue_effect(
            p_org_id => null, p_kind => 'calls.relink', p_payload => jsonb_build_object('after', v_org_id),
            p_queue_key => 'relink', p_run_at => v_now);
    end if;
end
$$;

revoke execute on function private.relink_organizations(jsonb, text, jsonb)
    from public, anon, authenticated, service_role;

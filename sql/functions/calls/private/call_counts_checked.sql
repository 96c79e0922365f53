-- The step after the effect calls.check_counts: checks organisations for five seconds, tells the operator of each whose
-- counts drift, and enqueues the rest of the round.
--
-- The last 40 days are what screens show and what calls still change; an older drift is found by private.call_count_drift(),
-- and put right, like any, by private.recount_calls(). Locks: the alert.
create or replace function private.call_counts_checked(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_stop_at constant timestamptz := clock_timestamp() + interval '5 seconds';
    v_after uuid := (p_effect #>> '{payload,after}')::uuid;
    v_org_id uuid;
    v_drifts bigint;
begin
    if p_outcome <> 'done' then
        return;
    end if;
    loop
        v_org_id := (select o from private.organizations_after(v_after, 1) o);
        exit when v_org_id is null;
        v_drifts := (select count(*) from private.call_count_drift(v_org_id, v_now - interval '40 days'));
        if v_drifts > 0 then
            perform private.alert(v_org_id, 'call_counts_drift', format(
                'The dashboard''s counts of calls are wrong in %s quarters of an hour. private.call_count_drift() says which, private.recount_calls() puts them right.',
                v_drifts), v_now);
        end if;
        v_after := v_org_id;
        if clock_timestamp() >= v_stop_at then
            perform private.enqueue_effect(
                p_org_id => null, p_kind => 'calls.check_counts', p_payload => jsonb_build_object('after', v_after),
                p_queue_key => 'check_counts', p_run_at => v_now);
            return;
        end if;
    end loop;
end
$$;

revoke execute on function private.call_counts_checked(jsonb, text, jsonb) from public, anon, authenticated, service_role;

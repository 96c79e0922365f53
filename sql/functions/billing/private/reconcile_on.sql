-- The step after the effect billing.reconcile: reconciles for five seconds, and enqueues the rest of the round; or the
-- one large ledger it names.
--
-- What was given up is a dead letter, which the operator is told of; replayed, it goes on where it was.
create or replace function private.reconcile_on(p_effect jsonb, p_outcome text, p_result jsonb)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_now constant timestamptz := (p_effect ->> 'ended_at')::timestamptz;
    v_after uuid;
begin
    if p_outcome <> 'done' then
        return;
    elsif p_effect -> 'payload' ? 'org_id' then
        perform private.note_drift((p_effect #>> '{payload,org_id}')::uuid, v_now);
        return;
    end if;

    v_after := private.reconcile_from((p_effect #>> '{payload,after}')::uuid, interval '5 seconds', v_now);
    if v_after is not null then
        perform private.enqueue_effect(
            p_org_id => null, p_kind => 'billing.reconcile', p_payload => jsonb_build_object('after', v_after),
            p_queue_key => 'reconcile', p_run_at => v_now);
    end if;
end
$$;

revoke execute on function private.reconcile_on(jsonb, text, jsonb) from public, anon, authenticated, service_role;

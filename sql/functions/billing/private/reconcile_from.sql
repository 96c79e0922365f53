-- Reconciles organisations in their order, from the one after p_after on, for as long as p_budget lasts. Answers the
-- last one it did when time ran out, NULL when there are no more.
--
-- A large ledger takes long: it gets an effect of its own, so that it delays no other, nor keeps it from being looked at.
--
-- Locks: those of private.note_drift(), where something drifts; then enqueues.
create or replace function private.reconcile_from(p_after uuid, p_budget interval, p_now timestamptz default now())
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    c_large constant integer := 100000;
    v_until constant timestamptz := clock_timestamp() + p_budget;
    v_wallet record;
    v_large uuid[] := array[]::uuid[];
    v_stopped_at uuid;
begin
    for v_wallet in
        select o.id as org_id, w.entry_count
        from public.organizations o
        left join public.credit_wallets w on w.org_id = o.id
        where p_after is null or o.id > p_after
        order by o.id
    loop
        if v_wallet.entry_count > c_large then
            v_large := v_large || v_wallet.org_id;
        else
            perform private.note_drift(v_wallet.org_id, p_now);
        end if;
        if clock_timestamp() >= v_until then
            v_stopped_at := v_wallet.org_id;
            exit;
        end if;
    end loop;

    perform private.enqueue_effect(
        p_org_id => l.org_id, p_kind => 'billing.reconcile', p_payload => jsonb_build_object('org_id', l.org_id),
        p_queue_key => 'reconcile:large', p_run_at => p_now)
    from unnest(v_large) as l (org_id);
    return v_stopped_at;
end
$$;

revoke execute on function private.reconcile_from(uuid, interval, timestamptz) from public, anon, authenticated, service_role;

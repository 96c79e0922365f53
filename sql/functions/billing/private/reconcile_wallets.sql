-- Every night: begins the round that reconciles every organisation. The effect billing.reconcile carries it on, a few
-- seconds a time, so that no transaction is long and nothing else waits for it.
create or replace function private.reconcile_wallets(p_now timestamptz default now())
returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.enqueue_effect(
        p_org_id => null, p_kind => 'billing.reconcile', p_payload => '{}', p_queue_key => 'reconcile', p_run_at => p_now);
$$;

revoke execute on function private.reconcile_wallets(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.reconcile_wallets(timestamptz) to service_role;

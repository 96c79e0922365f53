-- Every night: begins the round in which the last weeks of every organisation's counts of calls are held against the calls
-- themselves. The effect calls.check_counts carries it on, an organisation at a time.
create or replace function private.check_call_counts(p_now timestamptz default now())
returns uuid
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.enqueue_effect(
        p_org_id => null, p_kind => 'calls.check_counts', p_payload => '{}', p_queue_key => 'check_counts', p_run_at => p_now);
$$;

revoke execute on function private.check_call_counts(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.check_call_counts(timestamptz) to service_role;

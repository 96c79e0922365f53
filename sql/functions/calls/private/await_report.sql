-- A call has ended and its report is to come: looks for it later, each time after a longer while. p_asked is how often it was
-- looked for before.
--
-- Locks: enqueues, so last.
create or replace function private.await_report(p_org_id uuid, p_call_id uuid, p_asked integer, p_now timestamptz)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.enqueue_effect(
        p_org_id => p_org_id, p_kind => 'calls.report_due',
        p_payload => jsonb_build_object('org_id', p_org_id, 'call_id', p_call_id, 'asked', p_asked),
        p_run_at => p_now + (array[interval '3 minutes', interval '15 minutes', interval '1 hour', interval '6 hours'])[p_asked + 1]);
$$;

revoke execute on function private.await_report(uuid, uuid, integer, timestamptz)
    from public, anon, authenticated, service_role;

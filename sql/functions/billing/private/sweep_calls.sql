-- Every 60 seconds: finds organisations with calls that their deadlines should have looked after, and did not.
--
-- It is the net, not the engine. It only looks; each organisation is worked on in a transaction of its own
-- (private.sweep_organization), so that no transaction holds two wallets. A call that was warned waits for its last
-- deadline and is left to it. A hold ends before it expires, which is why both are asked: one index serves.
create or replace function private.sweep_calls(p_now timestamptz default now())
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_org_id uuid;
    v_count integer := 0;
begin
    for v_org_id in
        select r.org_id from public.credit_reservations r
        where r.status = 'active' and r.end_requested_at is null and r.cap_released_at is null
          and r.hold_ends_at <= p_now + interval '20 seconds'
          and (r.warned_for is distinct from r.hold_ends_at or r.hold_ends_at <= p_now)
        union
        select r.org_id from public.credit_reservations r
        where r.status = 'active' and r.hold_ends_at <= p_now and r.expires_at <= p_now
        union
        select r.org_id from public.credit_reservations r where r.next_poll_at <= p_now
    loop
        continue when exists (select from private.effects e where e.queue_key = 'sweep:' || v_org_id);
        perform private.enqueue_effect(
            p_org_id => v_org_id,
            p_kind => 'billing.sweep',
            p_payload => jsonb_build_object('org_id', v_org_id),
            p_queue_key => 'sweep:' || v_org_id,
            p_run_at => p_now);
        v_count := v_count + 1;
    end loop;
    return format('%s organisations to look at', v_count);
end
$$;

revoke execute on function private.sweep_calls(timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.sweep_calls(timestamptz) to service_role;

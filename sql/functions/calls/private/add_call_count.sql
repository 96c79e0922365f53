-- Notes that a quarter of an hour has so much more (times 1) or less (times -1) of what dashboards count. It inserts, so
-- it waits for nobody; private.fold_call_counts() adds it up later.
create or replace function private.add_call_count(p_call public.calls, p_times integer)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count constant private.call_count := private.count_of_call(p_call);
begin
    insert into private.call_deltas (
        org_id, quarter, direction, calls, completed, connected, engaged, booked, seconds, timed, sentiment, felt, value_pence)
    values (
        p_call.org_id, private.quarter_of(p_call.created_at), p_call.call_direction,
        v_count.calls * p_times, v_count.completed * p_times, v_count.connected * p_times, v_count.engaged * p_times,
        v_count.booked * p_times, v_count.seconds * p_times, v_count.timed * p_times, v_count.sentiment * p_times,
        v_count.felt * p_times, v_count.value_pence * p_times);
end
$$;

revoke execute on function private.add_call_count(public.calls, integer) from public, anon, authenticated, service_role;

-- Adds what a quarter of an hour counts to its month (times 1), or takes it away (times -1).
--
-- Locks: the month.
create or replace function private.add_to_month(p_quarter private.call_quarters, p_times integer)
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.call_months as m (
        org_id, month, direction, calls, completed, booked, seconds, timed, sentiment, felt, value_pence, connected, engaged)
    values (
        p_quarter.org_id, date_trunc('month', p_quarter.quarter, 'UTC'), p_quarter.direction, p_quarter.calls * p_times,
        p_quarter.completed * p_times, p_quarter.booked * p_times, p_quarter.seconds * p_times, p_quarter.timed * p_times,
        p_quarter.sentiment * p_times, p_quarter.felt * p_times, p_quarter.value_pence * p_times,
        p_quarter.connected * p_times, p_quarter.engaged * p_times)
    on conflict (org_id, month, direction) do update set
        calls = m.calls + excluded.calls, completed = m.completed + excluded.completed, booked = m.booked + excluded.booked,
        seconds = m.seconds + excluded.seconds, timed = m.timed + excluded.timed, sentiment = m.sentiment + excluded.sentiment,
        felt = m.felt + excluded.felt, value_pence = m.value_pence + excluded.value_pence,
        connected = m.connected + excluded.connected, engaged = m.engaged + excluded.engaged;
end
$$;

revoke execute on function private.add_to_month(private.call_quarters, integer) from public, anon, authenticated, service_role;

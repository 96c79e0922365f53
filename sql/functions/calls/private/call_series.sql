-- The work of public.call_series(). Every quarter of an hour is laid out and given to its day or hour, so that a point is
-- there without a call, and no clock's change makes one twice.
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function private.call_series(p_period text, p_interval text, p_now timestamptz)
returns setof public.call_series_point
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.call_series');
    v_zone constant text := private.zone_of(v_caller.org_id);
    v_time constant tstzrange := private.pulse_period(v_caller.org_id, p_period, p_now);
begin
    if p_interval is null or p_interval not in ('day', 'hour') then
        perform private.fail('invalid_value', '{"field": "interval"}');
    end if;
    return query
        select date_trunc(p_interval, s.quarter, v_zone), coalesce(sum(q.calls), 0)::bigint, coalesce(sum(q.booked), 0)::bigint,
               round(sum(q.sentiment) / nullif(sum(q.felt), 0), 3), round(sum(q.seconds) / nullif(sum(q.timed), 0))::integer,
               coalesce(sum(q.value_pence), 0)::bigint
        from generate_series(lower(v_time), upper(v_time) - interval '15 minutes', interval '15 minutes') as s (quarter)
        left join private.counted_calls(v_caller.org_id, lower(v_time), upper(v_time)) q on q.quarter = s.quarter
        group by 1
        order by 1;
end
$$;

revoke execute on function private.call_series(text, text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.call_series(text, text, timestamptz) to authenticated;

-- When a call began and ended, and how long it was, as a report says, under the columns' names. What it does not say is
-- absent; fractions of a second are not counted, an end before the beginning is no time at all, and a call of months is an error.
create or replace function private.report_times(p_message jsonb)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_strip_nulls(jsonb_build_object(
        'started_at', t.started_at,
        'ended_at', coalesce(t.ended_at, t.started_at + make_interval(secs => s.seconds::float8)),
        'duration_seconds', coalesce(
            case when t.ended_at < t.started_at then 0
                 when t.ended_at - t.started_at <= interval '10000000 s' then floor(extract(epoch from t.ended_at - t.started_at)) end,
            floor(s.seconds))))
    from (
        select coalesce(private.vapi_time(p_message -> 'startedAt'), private.vapi_time(p_message #> '{call,startedAt}')),
               coalesce(private.vapi_time(p_message -> 'endedAt'), private.vapi_time(p_message #> '{call,endedAt}'))
    ) as t (started_at, ended_at)
    cross join (
        select case when n.seconds between 0 and 10000000 then n.seconds end
        from (
            select coalesce(
                private.report_number(p_message -> 'durationSeconds'), private.report_number(p_message -> 'durationMs') / 1000,
                private.report_number(p_message -> 'durationMinutes') * 60)
        ) as n (seconds)
    ) as s (seconds);
$$;

revoke execute on function private.report_times(jsonb) from public, anon, authenticated, service_role;

-- How long a report says that a call lasted, on the provider's own clock; NULL when it does not say. One that never
-- connected lasted no time; one of months is an error of whose clock it was.
create or replace function private.reported_seconds(p_message jsonb)
returns bigint
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select case
        when t.ended_at - t.started_at <= interval '10000000 s'
            then greatest(floor(extract(epoch from t.ended_at - t.started_at))::bigint, 0)
        when t.seconds between 0 and 10000000 then floor(t.seconds)::bigint
        when t.started_at is null and t.connected = 'never' then 0
    end
    from (
        select private.vapi_time(p_message -> 'startedAt') as started_at,
               private.vapi_time(p_message -> 'endedAt') as ended_at,
               coalesce(
                   case when jsonb_typeof(p_message -> 'durationSeconds') = 'number'
                        then (p_message ->> 'durationSeconds')::numeric end,
                   case when jsonb_typeof(p_message -> 'durationMs') = 'number'
                        then (p_message ->> 'durationMs')::numeric / 1000 end) as seconds,
               (private.ended_reason(private.vapi_text(p_message, '{endedReason}', 200))).connected
    ) as t;
$$;

revoke execute on function private.reported_seconds(jsonb) from public, anon, authenticated, service_role;

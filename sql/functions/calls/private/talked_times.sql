-- When somebody was first and last heard in a call, for a report that names no beginning or no end. Nobody heard: absent.
create or replace function private.talked_times(p_message jsonb)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_strip_nulls(jsonb_build_object('started_at', min(h.began), 'ended_at', max(h.ended)))
    from (
        select private.vapi_time(m.said -> 'time') as began,
               coalesce(private.vapi_time(m.said -> 'endTime'), private.vapi_time(m.said -> 'time')) as ended
        from jsonb_array_elements(coalesce(private.report_value(p_message, 'messages', 'array'), '[]')) as m (said)
        where jsonb_typeof(m.said) = 'object' and m.said ->> 'role' in ('bot', 'assistant', 'user')
    ) as h;
$$;

revoke execute on function private.talked_times(jsonb) from public, anon, authenticated, service_role;

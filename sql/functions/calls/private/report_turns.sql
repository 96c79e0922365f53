-- What was said and done in a call, in order, from whichever history the report has; what the assistant was instructed is
-- left out. NULL when the report has none.
--
-- The seconds are the provider's, from the call's start. Where they start anew at each assistant (2024), the clock's times
-- are taken instead.
create or replace function private.report_turns(p_message jsonb)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with said as (
        select m.value as said, m.place, private.turn_text(m.value) as text,
               private.report_number(m.value -> 'secondsFromStart') as seconds,
               private.vapi_time(m.value -> 'time') as at
        from jsonb_array_elements(coalesce(
            private.report_value(p_message, 'messages', 'array'),
            private.report_value(p_message, 'messagesOpenAIFormatted', 'array'), '[]')) with ordinality as m (value, place)
        where jsonb_typeof(m.value) = 'object'
    ),
    timed as (
        select s.*, min(s.at) over () as first_at,
               coalesce(bool_or(s.seconds < s.before - 1) over (), false) and count(s.at) over () = count(*) over () as starts_anew
        from (select p.*, lag(p.seconds) over (order by p.place) as before from said p) as s
    ),
    turns as (
        select t.place, t.text,
               case
                   when t.said ->> 'role' in ('user', 'customer', 'human') then 'caller'
                   when t.said ->> 'role' in ('tool_calls', 'tool_call', 'tool_call_result', 'tool', 'function_call',
                                              'function_call_result') then 'tool'
                   else 'agent'
               end as role,
               round(case
                   when not t.starts_anew and t.seconds is not null then greatest(t.seconds, 0)
                   else extract(epoch from t.at - t.first_at) end, 2) as seconds
        from timed t
        where t.text is not null and coalesce(t.said ->> 'role', '') in (
            'user', 'customer', 'human', 'bot', 'assistant', 'ai', 'tool_calls', 'tool_call', 'tool_call_result', 'tool',
            'function_call', 'function_call_result')
    )
    select coalesce(
        jsonb_agg(jsonb_build_object('role', t.role, 'text', t.text, 'at_seconds', t.seconds) order by t.place),
        nullif(private.transcript_turns(private.report_value(p_message, 'transcript', 'string') #>> '{}'), '[]'))
    from turns t;
$$;

revoke execute on function private.report_turns(jsonb) from public, anon, authenticated, service_role;

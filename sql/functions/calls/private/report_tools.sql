-- The tools that a report's history shows the agent to have used, each once, by name.
create or replace function private.report_tools(p_message jsonb)
returns text[]
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(distinct left(n.name, 100)), '{}')
    from unnest(array['messages', 'messagesOpenAIFormatted']) as h (history)
    cross join lateral jsonb_array_elements(coalesce(private.report_value(p_message, h.history, 'array'), '[]')) as m (said)
    cross join lateral jsonb_array_elements(case
        when jsonb_typeof(m.said) <> 'object' then '[]'
        when jsonb_typeof(m.said -> 'toolCalls') = 'array' then m.said -> 'toolCalls'
        when jsonb_typeof(m.said -> 'tool_calls') = 'array' then m.said -> 'tool_calls'
        else '[]' end) as t (call)
    cross join lateral (select case when jsonb_typeof(t.call) = 'object'
                                    then coalesce(t.call #>> '{function,name}', t.call ->> 'name') end) as n (name)
    where n.name ~ '^[a-zA-Z0-9_-]{1,100}$';
$$;

revoke execute on function private.report_tools(jsonb) from public, anon, authenticated, service_role;

-- What stands in one message of a call's history, for a timeline; NULL when it says nothing. A tool is shown by its name, with
-- what it was asked or what it answered.
create or replace function private.turn_text(p_said jsonb)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select nullif(btrim(case
        when p_said ->> 'role' in ('tool_call_result', 'tool', 'function_call_result') then
            concat_ws(': ', p_said ->> 'name', left(coalesce(p_said ->> 'result', p_said ->> 'content', p_said ->> 'message'), 4000))
        else concat_ws(
            E'\n', nullif(coalesce(p_said ->> 'message', p_said ->> 'content'), ''),
            (select string_agg(
                 format('%s(%s)',
                     coalesce(t.call #>> '{function,name}', t.call ->> 'name', 'tool'),
                     left(coalesce(t.call #>> '{function,arguments}', t.call ->> 'arguments', t.call ->> 'parameters', ''), 4000)),
                 E'\n' order by t.place)
             from jsonb_array_elements(case when jsonb_typeof(c.calls) = 'array' then c.calls else '[]' end)
                 with ordinality as t (call, place)
             where jsonb_typeof(t.call) = 'object'))
    end), '')
    from (select coalesce(p_said -> 'toolCalls', p_said -> 'tool_calls')) as c (calls);
$$;

revoke execute on function private.turn_text(jsonb) from public, anon, authenticated, service_role;

-- What stands in one message of a call's history, for a timeline; NULL when it says nothing. A tool is shown by its name, with
-- what it was asked or what it answered.
create or replace function private.turn_text(p_said jsonb)
returns text
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_calls constant jsonb := coalesce(nullif(p_said -> 'toolCalls', 'null'), p_said -> 'tool_calls');
    v_text text := coalesce(p_said ->> 'message', p_said ->> 'content');
begin
    if p_said ->> 'role' in ('tool_call_result', 'tool', 'function_call_result') then
        v_text := concat_ws(': ', p_said ->> 'name', left(coalesce(p_said ->> 'result', p_said ->> 'content', v_text), 4000));
    elsif jsonb_typeof(v_calls) = 'array' then
        v_text := concat_ws(E'\n', nullif(v_text, ''), (
            select string_agg(
                format('%s(%s)',
                    coalesce(t.call #>> '{function,name}', t.call ->> 'name', 'tool'),
                    left(coalesce(t.call #>> '{function,arguments}', t.call ->> 'arguments', t.call ->> 'parameters', ''), 4000)),
                E'\n' order by t.place)
            from jsonb_array_elements(v_calls) with ordinality as t (call, place)
            where jsonb_typeof(t.call) = 'object'));
    end if;
    return nullif(btrim(v_text), '');
end
$$;

revoke execute on function private.turn_text(jsonb) from public, anon, authenticated, service_role;

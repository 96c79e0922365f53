-- The tool calls in a message of Vapi's, each once, in their order: from toolCallList, toolWithToolCallList and 2024's toolCalls.
--
-- The lists repeat each other, not always whole: a name or arguments missing in one are taken from the next. A call
-- without an id is answered under an empty one.
create or replace function private.tool_calls_of(p_message jsonb)
returns table (tool_call_id text, tool_name text, arguments jsonb)
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with listed as (
        select 1 as list, i.n, i.item as outside, i.item as inside
        from private.json_items(p_message -> 'toolCallList') with ordinality as i (item, n)
        union all
        select 2, i.n, i.item, coalesce(nullif(i.item -> 'toolCall', 'null'), i.item)
        from private.json_items(p_message -> 'toolWithToolCallList') with ordinality as i (item, n)
        union all
        select 3, i.n, i.item, i.item
        from private.json_items(p_message -> 'toolCalls') with ordinality as i (item, n)
    ), read as (
        select l.list, l.n,
               left(coalesce(l.inside ->> 'id', l.inside ->> 'toolCallId', ''), 255) as id,
               left(coalesce(l.inside #>> '{function,name}', l.inside ->> 'name', l.outside #>> '{function,name}', l.outside ->> 'name'), 100) as name,
               private.tool_arguments(coalesce(
                   nullif(l.inside #> '{function,arguments}', 'null'), nullif(l.inside -> 'arguments', 'null'),
                   nullif(l.inside -> 'parameters', 'null'), nullif(l.inside #> '{function,parameters}', 'null'))) as arguments
        from listed l
    )
    select r.id,
           coalesce((array_agg(r.name order by r.list) filter (where r.name <> ''))[1], ''),
           coalesce((array_agg(r.arguments order by r.list) filter (where r.arguments <> '{}'))[1], '{}')
    from read r
    group by r.id
    order by min(r.list * 100000 + r.n);
$$;

revoke execute on function private.tool_calls_of(jsonb) from public, anon, authenticated, service_role;

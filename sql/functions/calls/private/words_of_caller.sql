-- What the caller has said of late, from whichever history of the call a message of Vapi's carries: the last ten turns.
create or replace function private.words_of_caller(p_message jsonb)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select right(string_agg(t.words, ' ' order by t.n), 4000)
    from (
        select left(coalesce(i.item ->> 'message', i.item ->> 'content', ''), 2000) as words, i.n
        from private.json_items(coalesce(
            nullif(nullif(p_message #> '{artifact,messages}', '[]'), 'null'), nullif(nullif(p_message -> 'messages', '[]'), 'null'),
            nullif(nullif(p_message -> 'conversation', '[]'), 'null'), p_message #> '{artifact,messagesOpenAIFormatted}')) with ordinality as i (item, n)
        where i.item ->> 'role' = 'user'
        order by i.n desc
        limit 10
    ) as t;
$$;

revoke execute on function private.words_of_caller(jsonb) from public, anon, authenticated, service_role;

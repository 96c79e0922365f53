-- A text as words alone, lower case, each with a space of its own before and behind it, so that a word or phrase can be
-- looked for between spaces, and counted.
create or replace function private.plain_words(p_text text)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select ' ' || replace(btrim(regexp_replace(
        replace(replace(lower(left(p_text, 100000)), '''', ''), '’', ''), '[^[:alnum:]]+', ' ', 'g')), ' ', '  ') || ' ';
$$;

revoke execute on function private.plain_words(text) from public, anon, authenticated, service_role;

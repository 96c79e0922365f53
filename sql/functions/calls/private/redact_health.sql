-- A text without the words that tell of somebody's health (private.health_words, in every language), in any case.
create or replace function private.redact_health(p_text text)
returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select regexp_replace(
        p_text,
        '\m(?:' || (select string_agg(w.word, '|' order by length(w.word) desc, w.word)
                    from (select distinct h.word from private.health_words h) as w) || ')\M',
        '[health detail]', 'gi');
$$;

revoke execute on function private.redact_health(text) from public, anon, authenticated, service_role;

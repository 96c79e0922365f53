-- Whether any of these words or phrases was said, whole, whatever the letter case and what stands between the words.
create or replace function private.says_any(p_said text, p_words text[])
returns boolean
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(bool_or(position(' ' || w.plain || ' ' in s.plain) > 0), false)
    from (select ' ' || lower(regexp_replace(coalesce(p_said, ''), '[^[:alnum:]]+', ' ', 'g')) || ' ' as plain) as s,
         unnest(p_words) as u (word),
         lateral (select btrim(lower(regexp_replace(u.word, '[^[:alnum:]]+', ' ', 'g'))) as plain) as w
    where w.plain <> '';
$$;

revoke execute on function private.says_any(text, text[]) from public, anon, authenticated, service_role;

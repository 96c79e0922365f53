-- A text as it sounds to somebody who hears neither case, accents nor punctuation: lower case, plain letters and digits, one
-- space between words, none around.
create or replace function private.fold_text(p_text text)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select btrim(regexp_replace(
        replace(replace(replace(
            translate(
                lower(regexp_replace(normalize(p_text, nfkd), '[\u0300-\u036f''’`]', '', 'g')),
                'øłđðıØŁĐÐ', 'olddioldd'),
            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
        '[^[:alnum:]]+', ' ', 'g'));
$$;

revoke execute on function private.fold_text(text) from public, anon, authenticated, service_role;

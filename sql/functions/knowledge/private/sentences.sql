-- The sentences of a paragraph, in order; one longer than p_most, or than the 255 a pattern here can count to, is cut between words, or through a word that long.
create or replace function private.sentences(p_paragraph text, p_most integer)
returns setof text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select btrim(c.piece[1])
    from regexp_split_to_table(p_paragraph, '(?<=[.!?])\s+(?=[[:upper:][:digit:]"''(¿¡])') with ordinality as s (sentence, n)
    cross join lateral regexp_matches(
        s.sentence, format('(?:\S{%s}|.{1,%s}(?=\s|$))', least(p_most, 255), least(p_most, 255)), 'g') with ordinality as c (piece, m)
    where btrim(c.piece[1]) <> ''
    order by s.n, c.m;
$$;

revoke execute on function private.sentences(text, integer) from public, anon, authenticated, service_role;

-- A passage as it can be told, in at most p_most characters: of a longer one, the part about the question, in as many of its
-- words as fit.
create or replace function private.spoken_passage(p_passage text, p_question text, p_most integer)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.one_line(case when length(p_passage) <= p_most then p_passage else coalesce(nullif(ts_headline(
        'pg_catalog.english', p.passage,
        (select coalesce(string_agg(quote_literal(w.word), ' | '), '''none''')::tsquery
         from unnest(tsvector_to_array(to_tsvector('pg_catalog.english', left(p_question, 1000)))) as w (word)),
        format('StartSel="", StopSel="", MaxFragments=1, MinWords=%s, MaxWords=%s', p.fitting - 1, p.fitting)), ''), p_passage) end, p_most)
    from (select t.passage, greatest(
              p_most * cardinality(regexp_split_to_array(t.passage, '\s+')) * 9 / 10 / nullif(length(t.passage), 0), 4) as fitting
          from (select left(p_passage, 20000) as passage) as t) as p;
$$;

revoke execute on function private.spoken_passage(text, text, integer) from public, anon, authenticated, service_role;

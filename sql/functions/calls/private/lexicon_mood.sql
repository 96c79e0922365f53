-- The mood of what somebody said, 0 to 1, and its urgency, 0 to 3, by private.sentiment_words: in the language most of whose
-- words are in it, and of two the call's own. Who says nothing that the lexicon knows is neither glad nor cross: 0.5. Who
-- says nothing at all has no mood.
create or replace function private.lexicon_mood(p_text text, p_language text, out score numeric, out urgency integer)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    with said as materialized (
        select private.plain_words(p_text) as words
    ),
    found as (
        select w.language, w.weight, w.urgency,
               (length(s.words) - length(replace(s.words, p.phrase, ''))) / length(p.phrase) as times
        from private.sentiment_words w
        cross join lateral (select ' ' || replace(w.word, ' ', '  ') || ' ') as p (phrase)
        cross join said s
        where strpos(s.words, p.phrase) > 0
    ),
    spoken as (
        select sum(f.weight * f.times) as weight, sum(abs(f.weight) * f.times) as weights, max(f.urgency) as urgency
        from found f
        group by f.language
        order by sum(f.times) desc, f.language = left(p_language, 2) desc, f.language
        limit 1
    )
    select case when btrim(s.words) <> '' then round(0.5 + 0.5 * coalesce(k.weight / (k.weights + 5), 0), 3) end,
           coalesce(k.urgency, 0)
    from said s
    left join spoken k on true;
$$;

revoke execute on function private.lexicon_mood(text, text) from public, anon, authenticated, service_role;

-- A passage is told in what can be said in one breath: of a longer one, the part about the question.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(31);

create function pg_temp.filled(p_word text, p_before integer, p_after integer) returns text language sql as $$
    select repeat(p_word || ' ', p_before) || 'zebra ' || repeat(p_word || ' ', p_after) $$;
select is(private.spoken_passage(p, 'anything', 30), e, 'a short one is told whole, in one line: ' || left(e, 12))
from (values ('Thirty characters, no more ...', 'Thirty characters, no more ...'), (E' Closed\n\non  Sundays\t', 'Closed on Sundays'), ('', ''),
    ('   ', '')) as v (p, e);
select is(private.spoken_passage(null, 'zebra', 30), null, 'none is none');
select ok(length(t) <= m and t ~ '\mzebra\M', format('at most %s characters, and what was asked for: words of %s, %s before it', m, k, n))
from (values (600), (200), (80)) as most (m), (values (6), (20)) as word (k), (values (0), (150), (299)) as place (n),
    lateral private.spoken_passage(pg_temp.filled(repeat('x', k), n, 300 - n), 'Where is the zebra?', m) as t;
select ok(t ~ '\mzebra\M', 'a long sentence is not left out for short ones before it')
from private.spoken_passage(repeat('Seven short words stand in this one. ', 14) || 'It to zebra ' || repeat('eightish ', 40), 'zebra', 600) as t;
select is(private.spoken_passage(repeat('x', 100), 'zebra', 30), repeat('x', 29) || '…', 'a word without an end is cut');
select ok(t ~ '\mzebra\M', 'a question may hold whatever is written: ' || q)
from unnest(array['http://zebra.example/a&b=(1):*!|zebra', 'zebra '' \ & | ! :* <->']) as q,
    lateral private.spoken_passage(pg_temp.filled('word', 300, 300), q, 80) as t;
select ok(starts_with(p, t) and length(t) between 30 and 60, 'where nothing is asked for, or found, its beginning: ' || coalesce(q, 'nothing'))
from unnest(array[null, 'zebra', 'the of and', E'\\ '' & | ! :* <->']) as q, lateral repeat('Nothing more is said here. ', 40) as p,
    lateral private.spoken_passage(p, q, 60) as t;

select * from finish();
rollback;

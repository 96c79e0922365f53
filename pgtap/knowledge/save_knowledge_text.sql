-- What a clinic says about itself is cut into passages, kept once, and replaced whole.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(39);

select tests.org() as org, tests.org('Other') as other \gset
create function pg_temp.passages(p_id uuid) returns text[] language sql as $$
    select array_agg(content order by position) from public.knowledge_base_chunks where knowledge_base_id = p_id $$;

select private.save_knowledge_text(:'org', '  Parking ', E'There are six spaces behind the building.\r\n\r\nOn Saturdays use the car park in Mill Lane.', '2026-07-01') as parking \gset
select results_eq(format($$ select title, source, status, version, is_active, octet_length(content_hash), created_at from public.knowledge_base where id = %L $$, :'parking'),
    $$ values ('Parking', 'text', 'ready', 1, true, 32, '2026-07-01'::timestamptz) $$, 'a text is kept');
select is(pg_temp.passages(:'parking'), array['Parking: There are six spaces behind the building.', 'Parking: On Saturdays use the car park in Mill Lane.'], 'a passage a paragraph, each with the title');
select is((select array_agg(position order by position) from public.knowledge_base_chunks where knowledge_base_id = :'parking'), array[0, 1], 'in order');
select ok((select bool_and(token_count > 0) from public.knowledge_base_chunks where knowledge_base_id = :'parking'), 'with their size');

select is(private.save_knowledge_text(:'org', 'Where to park', E'There are six spaces  behind the building.\n\nOn Saturdays use the car park in Mill Lane.\n'), :'parking'::uuid, 'the same text again is the one that is there');
select is((select count(*) from public.knowledge_base where org_id = :'org'), 1::bigint, 'kept once');
select is((select version from public.knowledge_base where id = :'parking'), 1, 'and not a new version');
select isnt(private.save_knowledge_text(:'other', 'Parking', 'There are six spaces behind the building.'), :'parking'::uuid, 'another organisation''s is its own');
select is(private.save_knowledge_text(:'org', 'PARKING', 'There are eight spaces now.', '2026-07-02'), :'parking'::uuid, 'another text under its title takes its place');
select results_eq(format($$ select title, version, updated_at from public.knowledge_base where id = %L $$, :'parking'), $$ values ('PARKING', 2, '2026-07-02'::timestamptz) $$, 'as a new version');
select is(pg_temp.passages(:'parking'), array['PARKING: There are eight spaces now.'], 'and its passages are the new ones alone');
update public.knowledge_base set is_active = false where id = :'parking';
select isnt(private.save_knowledge_text(:'org', 'Parking', 'There are eight spaces now.'), :'parking'::uuid, 'one that was put away stays so');
select tests.throws_code(format('select private.save_knowledge_text(%L, %L, %L)', :'org', t, c), 'invalid_value', 'nothing is not kept')
from (values ('', 'Text'), ('  ', 'Text'), ('Title', ''), ('Title', E' \n ')) as v (t, c);

-- Passages.
create function pg_temp.cut(p_text text, p_most integer default 480) returns text[] language sql as $$ select array(select private.passages(p_text, p_most)) $$;
select is(pg_temp.cut(E'# Prices\n\nBotox costs 400 pounds.\n\nOpening hours\n\nWe open at nine.'), array['Prices: Botox costs 400 pounds.', 'Opening hours: We open at nine.'], 'a heading stays with what follows');
select is(pg_temp.cut(E'Prices\n\nBotox\n\nIt costs 400 pounds.'), array['Prices: Botox: It costs 400 pounds.'], 'headings add up');
select is(pg_temp.cut(E'Closed'), array['Closed'], 'a text that is only a heading');
select is(pg_temp.cut(E'One two three. Four five six. Seven eight nine.', 110), array['One two three. Four five six. Seven eight nine.'], 'what fits is one');
create temporary table long as select string_agg(format('Sentence %s says something of some length about treatment %s.', n, n % 7), ' ') as text from generate_series(1, 100) as n;
select cmp_ok(array_length(pg_temp.cut(text), 1), '>', 10, 'a long paragraph is many') from long;
select ok((select bool_and(length(p) <= 480) from long, unnest(pg_temp.cut(text)) as p), 'each short enough to be told');
select ok((select bool_and(p ~ '^Sentence .*\.$') from long, unnest(pg_temp.cut(text)) as p), 'of whole sentences');
select ok((select bool_and(exists (select from long, unnest(pg_temp.cut(text)) as p where position(format('Sentence %s says', n) in p) > 0)) from generate_series(1, 100) as n), 'none of which is lost');
select ok((select bool_and(b.p is null or position(split_part(b.p, '.', 1) in a.p) > 0)
    from (select p, n from long, unnest(pg_temp.cut(text)) with ordinality as u (p, n)) as a
    left join (select p, n from long, unnest(pg_temp.cut(text)) with ordinality as u (p, n)) as b on b.n = a.n + 1), 'each begins with how the one before ended');
select ok((select bool_and(length(p) <= 480) from unnest(pg_temp.cut(repeat('word ', 1000))) as p), 'a paragraph without an end is cut between words');
select ok((select bool_and(length(p) <= 560) from unnest(pg_temp.cut(repeat('x', 1200))) as p), 'and one endless word is cut, too');
select is(pg_temp.cut(''), '{}', 'of nothing there are none');
select is(pg_temp.cut(E'\n\n \n\n'), '{}', 'nor of blank lines');

-- Those of an entry are replaced by those of its text.
insert into public.knowledge_base (org_id, title, source, content, content_hash) select o, 'Prices', 'text', 'x', sha256('x')
from unnest(array[:'org', :'other']::uuid[]) as o;
select id as entry from public.knowledge_base where org_id = :'org' and source = 'text' and title = 'Prices' \gset
select id as theirs from public.knowledge_base where org_id = :'other' and title = 'Prices' \gset
create function pg_temp.replaced(p_org uuid, p_id uuid, p_title text, p_content text) returns text[] language plpgsql as $$
begin
    perform private.replace_passages(p_org, p_id, p_title, p_content);
    return pg_temp.passages(p_id);
end $$;
select is(pg_temp.replaced(:'org', :'entry', t, c), e::text[], format('with the title, each once: %s, %s', t, split_part(c, '.', 1)))
from (values ('Prices', E'Botox costs 400 pounds.\n\nFillers cost 500 pounds.', '{"Prices: Botox costs 400 pounds.","Prices: Fillers cost 500 pounds."}'),
    ('Prices', 'PRICES are fair.', '{"PRICES are fair."}'), ('Prices: ', 'Botox costs 400 pounds.', '{"Prices: Botox costs 400 pounds."}'),
    ('Prices', '', null), ('Prices', 'Our prices are fair.', '{"Prices: Our prices are fair."}')) as v (t, c, e);
select is(pg_temp.replaced(:'other', :'theirs', 'Prices', 'Free.'), array['Prices: Free.'], 'another organisation''s are its own');
select is(pg_temp.replaced(:'other', :'entry', 'Prices', ''), array['Prices: Our prices are fair.'], 'and an id that is not theirs names none');
select is(pg_temp.passages(:'theirs'), array['Prices: Free.'], 'their own stay');
select private.replace_passages(:'org', :'entry', 'P', E'Yes.\n\nYes, we do.\n\n' || repeat('Sentence upon sentence. ', 40));
select is((select array_agg(position order by position) from public.knowledge_base_chunks where knowledge_base_id = :'entry'),
    (select array_agg(n - 1) from generate_series(1, (
    select count(*) from public.knowledge_base_chunks where knowledge_base_id = :'entry')::integer) as n), 'they are counted from nothing');
select is((select array_agg(token_count order by position) from public.knowledge_base_chunks where knowledge_base_id = :'entry'), (
    select array_agg(greatest(length(content) / 4, 1) order by position) from public.knowledge_base_chunks where knowledge_base_id = :'entry'),
        'and a token is four letters');

select * from finish();
rollback;

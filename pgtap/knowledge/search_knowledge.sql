-- A question finds the passages of the clinic's own knowledge that answer it, or nothing.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(34);

select tests.org() as org, tests.org('Other') as other \gset
select private.save_knowledge_text(:'org', 'Parking', E'There are six spaces behind the building.\n\nOn Saturdays use the car park in Mill Lane.') as e1,
       private.save_knowledge_text(:'org', 'Prices', E'Botox costs 400 pounds.\n\nLip fillers cost 500 pounds.\n\nA consultation costs 150 pounds and is taken off the price of the treatment.') as e2,
       private.save_knowledge_text(:'org', 'Aftercare', E'Do not exercise for 24 hours after Botox injections.') as e3,
       private.save_knowledge_text(:'other', 'Secrets', 'The veneers are kept in the safe. Parking is in Baker Street.') as e4 \gset
create function pg_temp.found(p_org uuid, p_query text, p_limit integer default 3) returns text[] language sql as $$
    select coalesce(array_agg(s.passage order by n), '{}') from private.search_knowledge(p_org, p_query, p_limit) with ordinality as s (title, passage, rank, n) $$;

select is((pg_temp.found(:'org', q))[1], e, q)
from (values ('Botox price', 'Prices: Botox costs 400 pounds.'), ('What do lip fillers cost?', 'Prices: Lip fillers cost 500 pounds.'),
    ('Can I go to the gym or exercise after botox?', 'Aftercare: Do not exercise for 24 hours after Botox injections.'), ('parking on saturday', 'Parking: On Saturdays use the car park in Mill Lane.'),
    ('"Mill Lane"', 'Parking: On Saturdays use the car park in Mill Lane.'), ('consultations', 'Prices: A consultation costs 150 pounds and is taken off the price of the treatment.')) as v (q, e);
select is((pg_temp.found(:'org', 'How much is botox for a gentleman?'))[1], 'Prices: Botox costs 400 pounds.', 'words that no passage has do not hide the others');
select is((pg_temp.found(:'org', q))[1], 'Prices: Botox costs 400 pounds.', q || ' is a question of price')
from unnest(array['How much is botox?', 'botox fee', 'What do you charge for botox']) as q;
select is(pg_temp.found(:'org', q), '{}', 'nothing is found for ' || coalesce(q, 'nothing'))
from unnest(array['veneers', 'Do you do hair transplants in Turkey?', 'hair transplants in Turkey without botox', 'what do you do', '', '   ', '???', '& | ! ( ) :* <->', null]) as q;
select is((select title from private.search_knowledge(:'org', 'mill lane', 1)), 'Parking', 'a passage says what it is from');
select is(array_length(pg_temp.found(:'org', 'cost pounds', 2), 1), 2, 'no more than were asked for');
select is(pg_temp.found(:'org', 'Baker Street'), '{}', 'another organisation''s is not found');
select is(array_length(pg_temp.found(:'other', 'parking'), 1), 1, 'by anybody else');
update public.knowledge_base set is_active = false where id = :'e1';
select is(pg_temp.found(:'org', 'mill lane'), '{}', 'what was put away is not found');
update public.knowledge_base set is_active = true, status = 'processing' where id = :'e1';
select is(pg_temp.found(:'org', 'mill lane'), '{}', 'nor what is not ready');
select ok((select rank from private.search_knowledge(:'org', 'botox', 1)) > 0, 'with how well it fits');

-- Told.
update public.knowledge_base set status = 'ready' where id = :'e1';
select tests.in_call(:'org') as call \gset
create function pg_temp.told(p_query text) returns text language sql as $$
    select tests.told((select id from public.calls where vapi_call_id = 'vapi-1' and created_at = '2026-07-01 09:00+00'), 'queryKnowledgeBase', jsonb_build_object('question', p_query)) $$;
select is(pg_temp.told('lip fillers'), 'Prices: Lip fillers cost 500 pounds.', 'an agent is told the passage');
select is(pg_temp.told('botox'), 'Aftercare: Do not exercise for 24 hours after Botox injections. Prices: Botox costs 400 pounds.', 'and the next, when both are short');
insert into public.knowledge_base_chunks (org_id, knowledge_base_id, position, content, token_count)
values (:'org', :'e2', 99, repeat('Filler words that say nothing at all. ', 60) || 'The zygomatic arch is treated on Mondays. ' || repeat(E'More words.\n', 60), 700);
select ok(length(t) <= 600 and t like '%zygomatic arch is treated on Mondays.%' and t !~ '[[:cntrl:]]', 'of a long passage the part about the question, in one line') from pg_temp.told('zygomatic arch') as t;
select is(pg_temp.told('mill lane building spaces'), 'Parking: There are six spaces behind the building. On Saturdays use the car park in Mill Lane.', 'a title that two share is said once');
select is(pg_temp.told('Do you do veneers?'), private.say('knowledge_none', 'en'), 'nothing found is said');
select is(pg_temp.told('do you do VENEERS'), private.say('knowledge_none', 'en'), 'again');
select is(pg_temp.told('My card is 4111 1111 1111 1111, is that fine?'), private.say('knowledge_none', 'en'), 'whatever it is');
select results_eq(format($$ select question, asked_count from public.knowledge_gaps where org_id = %L order by 2 desc $$, :'org'),
    $$ values ('do you do veneers', 2), ('my card is card number is that fine', 1) $$, 'and counted by its words, without what must not be kept');

select * from finish();
rollback;

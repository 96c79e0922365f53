-- A question that nothing answered is counted by its words.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);

select tests.org() as org, tests.org('Other') as other \gset
create function pg_temp.asked(p_org uuid, p_question text, p_now timestamptz default '2026-07-01 09:00+00') returns text language plpgsql as $$
begin
    delete from public.knowledge_gaps where org_id = p_org;
    perform private.note_knowledge_gap(p_org, p_question, p_now);
    return (select g.question from public.knowledge_gaps g where g.org_id = p_org);
end $$;

select is(pg_temp.asked(:'org', q), 'do you do veneers', 'case, spaces and marks are not counted: ' || to_json(q))
from unnest(array['Do you do veneers?', 'DO  YOU do veneers', E' do\tyou\ndo - veneers!!', '"Do you" do (veneers)', '''Do you do'' veneers',
    '‘do you do’ veneers…']) as q;
select is(pg_temp.asked(:'org', q), e, 'its words are kept: ' || q)
from (values ('What''s the price?', 'what''s the price'), ('What’s the price', 'what''s the price'),
    ('Is it £400 or €500 or $600?', 'is it £400 or €500 or $600'), ('10% off?', '10% off'),
    ('Über Zähne?', 'über zähne'), ('the patients'' car park', 'the patients car park')) as v (q, e);
select is(pg_temp.asked(:'org', q), null, 'no words are no question: ' || coalesce(q, 'nothing')) from unnest(array['', '  ', '?!', '''', null]) as q;
select is(length(pg_temp.asked(:'org', repeat('x', 600))), 500, 'a long one is cut');

select pg_temp.asked(:'org', 'Do you do veneers?') \gset
select private.note_knowledge_gap(:'org', 'Do you do veneers', '2026-07-03 09:00+00'),
    private.note_knowledge_gap(:'org', 'do you do VENEERS', '2026-07-02 09:00+00'),
       private.note_knowledge_gap(:'org', 'Do you do crowns', '2026-06-01 09:00+00'),
           private.note_knowledge_gap(:'other', 'Do you do veneers', '2026-07-04 09:00+00');
create function pg_temp.gap(p_org uuid, p_question text) returns public.knowledge_gaps language sql as $$
    select g from public.knowledge_gaps g where g.org_id = p_org and g.question = p_question $$;
select is((pg_temp.gap(:'org', 'do you do veneers')).asked_count, 3, 'a question is counted each time');
select is((pg_temp.gap(:'org', 'do you do veneers')).first_asked_at, '2026-07-01 09:00+00', 'it says when it was first asked');
select is((pg_temp.gap(:'org', 'do you do veneers')).last_asked_at, '2026-07-03 09:00+00', 'and last, in whatever order they come');
select is((pg_temp.gap(:'org', 'do you do crowns')).asked_count, 1, 'another question is another');
select is((select count(*) from public.knowledge_gaps where org_id = :'org'), 2::bigint, 'there are two');
select is((pg_temp.gap(:'other', 'do you do veneers')).asked_count, 1, 'another organisation''s are its own');

select * from finish();
rollback;

-- What a caller means by a word: whom, how urgently, and whether it was said at all.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(60);

-- Whom.
select tests.org() as org, tests.org('Other') as other \gset
insert into public.practitioners (org_id, name) values (:'org', 'Dr Ann Lee'), (:'org', 'Dr Ann B. Ray'), (:'org', 'Zoë O’Neill'),
    (:'org', 'Mrs Jones'), (:'org', 'Prof. Mei Li'), (:'org', 'Ms Max Max'), (:'org', 'Professor Yu'),
    (:'other', 'Dr Who');
insert into public.practitioners (org_id, name, is_active) values (:'org', 'Dr Gone', false);
create function pg_temp.meant(p_org uuid, p_said text) returns text language sql as $$
    select p.name from public.practitioners p where p.id = private.practitioner_named(p_org, p_said) $$;
select is(pg_temp.meant(:'org', said), meant, format('%s is %s', coalesce(nullif(said, ''), 'nothing'), coalesce(meant, 'nobody')))
from (values ('Dr Ann Lee', 'Dr Ann Lee'), ('Lee', 'Dr Ann Lee'), ('Doctor LEE, please!', 'Dr Ann Lee'), ('ann  lee', 'Dr Ann Lee'),
    ('Lee, Ann', 'Dr Ann Lee'), ('Ann Ray', 'Dr Ann B. Ray'),
    ('with zoe', 'Zoë O’Neill'), ('O''Neill', 'Zoë O’Neill'), ('ONEILL', 'Zoë O’Neill'), ('Miss Jones', 'Mrs Jones'), ('Dr Li', 'Prof. Mei Li'),
    ('Mei Li', 'Prof. Mei Li'), ('max', 'Ms Max Max'), ('Doctor Yu', 'Professor Yu')) as v (said, meant);
select is(pg_temp.meant(:'org', said), null, format('%s is nobody in particular', coalesce(nullif(said, ''), 'nothing')))
from (values ('Ann'), ('Dr Ann'), ('Lee or Ray'), ('Ann Lee or Ann Ray'), ('O Neill'), ('Leeds'), ('Dr Gone'), ('Dr Who'), ('a doctor'),
    ('Mrs Brown'), ('Professor'), ('Dr B'),
    ('anyone'), ('%'), ('.*'), (''), (null)) as v (said);
select is(pg_temp.meant(:'org', 'Mrs Lee'), 'Dr Ann Lee', 'whatever the title');
select is(pg_temp.meant(:'other', 'Who'), 'Dr Who', 'at another clinic another');
select is(pg_temp.meant(:'other', 'Lee'), null, 'and nobody else');

-- Whether it was said.
select is(private.says_any(said, words), e, format('%L %s %s', said, case when e then 'says' else 'does not say' end, coalesce(words::text, 'nothing')))
from (values ('I have a complaint.', '{complaint}'::text[], true), ('COMPLAINT', '{complaint}', true), ('complaint', '{Complaint!}', true),
    ('complaints', '{complaint}', false),
    ('uncomplaint', '{complaint}', false), ('speak  to, a manager', '{"Speak to a Manager"}', true),
    ('speak to the manager', '{"speak to a manager"}', false),
    ('to a manager speak', '{"speak to a manager"}', false), ('a second word', '{first,second}', true), ('Herr MÜLLER', '{müller}', true),
    ('nine-one-one', '{"nine one one"}', true),
    ('call 999 now', '{999}', true), ('a.b', '{a_b}', true), ('anything', '{}', false), ('anything', null, false), ('anything', '{NULL}', false),
    ('anything', '{"",...}', false),
    ('anything', '{NULL,anything}', true), ('', '{word}', false), (null, '{word}', false), ('100%', '{%}', false)) as v (said, words, e);

-- How urgently.
select is(array(select private.urgency_rank(u) from unnest('{low,medium,high,critical}'::text[]) as u), '{1,2,3,4}',
    'how urgent something is has an order');
select is(private.urgency_rank(u), null, coalesce(nullif(u, ''), 'nothing') || ' is no urgency') from unnest(array['very', 'HIGH', '', null]) as u;

select * from finish();
rollback;

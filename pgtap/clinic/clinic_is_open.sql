-- Whether anybody is there to be rung: by the hours of the agent that answers; without such hours, by the clinic's diary.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(32);

select tests.org() as org, tests.org('Other') as other \gset
select tests.in_call(:'org') as call \gset
create function pg_temp.open(p_call uuid, p_at timestamptz) returns boolean language sql as $$
    select private.clinic_is_open(c, p_at) from public.calls c where c.id = p_call $$;

-- By the diary.
select is(pg_temp.open(:'call', at), o, format('nine to five on the clinic''s clock, Monday to Friday: %s', at))
from (values (timestamptz '2026-07-01 07:59:59+00', false), ('2026-07-01 08:00+00', true), ('2026-07-01 15:59:59+00', true), ('2026-07-01 16:00+00', false),
    ('2026-12-01 08:30+00', false), ('2026-07-04 10:00+00', false), (null, false)) as t (at, o);
insert into public.opening_hours (org_id, weekday, opens, closes) values (:'org', 6, '22:00', '24:00'), (:'org', 7, '00:00', '01:00');
select is(pg_temp.open(:'call', at), o, format('or its own hours, over midnight too: %s', at))
from (values (timestamptz '2026-07-01 10:00+00', false), ('2026-07-04 21:00+00', true), ('2026-07-04 22:59:59+00', true),
    ('2026-07-04 23:00+00', true), ('2026-07-05 00:00+00', false)) as t (at, o);
insert into public.closures (org_id, starts_on, ends_on) values (:'org', '2026-07-05', '2026-07-05');
select is(pg_temp.open(:'call', '2026-07-04 23:00+00'), false, 'not on a day on which it is closed');
select is(pg_temp.open(:'call', '2026-07-04 22:30+00'), true, 'until that begins');
select tests.booked(:'org', '2026-07-11 21:00+00') \gset
select is(pg_temp.open(:'call', '2026-07-11 21:10+00'), true, 'who is with a patient is there');
insert into public.practitioners (org_id, name) values (:'org', 'Ada') returning id as ada \gset
insert into public.opening_hours (org_id, practitioner_id, weekday, opens, closes) values (:'org', :'ada', 3, '07:00', '08:00');
select is(pg_temp.open(:'call', at), o, format('while anybody sees patients: %s', at))
from (values (timestamptz '2026-07-01 06:30+00', true), ('2026-07-11 21:30+00', false)) as t (at, o);
insert into public.practitioners (org_id, name) values (:'org', 'Bea');
select is(pg_temp.open(:'call', '2026-07-11 21:30+00'), true, 'anybody at all');
insert into public.closures (org_id, practitioner_id, starts_on, ends_on) values (:'org', :'ada', '2026-07-08', '2026-07-08');
select is(pg_temp.open(:'call', '2026-07-08 06:30+00'), false, 'not while the only one is away');
update public.practitioners set is_active = false where org_id = :'org';
select is(pg_temp.open(:'call', at), false, format('nobody is there when everybody has left: %s', at))
from unnest(array['2026-07-01 06:30+00', '2026-07-11 21:30+00']::timestamptz[]) as at;

-- By the agent's hours.
update public.agents set business_hours = '{"tue": [["08:00", "12:00"], ["13:00", "24:00"]]}' where org_id = :'org';
select is(pg_temp.open(:'call', at), o, format('the hours of the agent that answers come first: %s', at))
from (values (timestamptz '2026-07-07 07:00+00', true), ('2026-07-07 11:00+00', false), ('2026-07-07 12:00+00', true),
    ('2026-07-07 22:59+00', true), ('2026-07-07 23:00+00', false),
    ('2026-07-11 21:30+00', false), (null, false)) as t (at, o);
insert into public.agents (org_id, name, direction, business_hours) values (:'other', 'Theirs', 'inbound',
    '{"sun": [["00:00", "24:00"]]}') returning id as theirs \gset
insert into public.calls (org_id, call_direction) values (:'other', 'inbound') returning id as without \gset
select is(pg_temp.open(:'without', '2026-07-05 10:00+00'), false, 'a call that no agent answers goes by the diary');
select is(pg_temp.open(:'without', '2026-07-06 10:00+00'), true, 'whose hours are the clinic''s');
update public.calls set agent_id = :'theirs' where id = :'without';
select is(pg_temp.open(:'without', '2026-07-05 10:00+00'), true, 'one that an agent answers by the agent''s');
select is(pg_temp.open(:'without', '2026-07-06 10:00+00'), false, 'alone');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);

select tests.org() as org, tests.org('Other') as other \gset
update public.organizations set timezone = 'America/New_York' where id = :'org';
insert into public.contacts (org_id, phone, first_name, last_name) values (:'org', '+12125550001', 'Zoë', 'O’Neill') returning id as zoe \gset
insert into public.contacts (org_id, phone) values (:'org', '+12125550002') returning id as nameless \gset
insert into public.contacts (org_id, phone, first_name, last_name) values (:'org', '+12125550003', 'Zoe', 'ONeill') returning id as namesake \gset
insert into public.contacts (org_id, phone, first_name, last_name) values (:'other', '+12125550001', 'Zoë', 'O’Neill') returning id as theirs \gset
create function pg_temp.put(p_org uuid, p_contact uuid, p_title text, p_at timestamptz, p_status text default 'scheduled') returns void language sql as $$
    insert into public.appointments (org_id, contact_id, title, scheduled_at, busy_until, status)
    values (p_org, p_contact, p_title, p_at, p_at + interval '30 minutes', p_status) $$;
-- Late in the evening in New York it is the next day in Greenwich.
select pg_temp.put(:'org', :'zoe', 'evening', '2026-06-11 01:00+00'), pg_temp.put(:'org', :'zoe', 'next', '2026-06-20 14:00+00', 'confirmed'),
       pg_temp.put(:'org', :'zoe', 'cancelled', '2026-06-21 14:00+00', 'cancelled'), pg_temp.put(:'org', :'zoe', 'missed', '2026-06-22 14:00+00', 'no-show'),
       pg_temp.put(:'org', :'zoe', 'over', '2026-06-01 14:00+00'), pg_temp.put(:'org', :'nameless', 'nameless', '2026-06-20 16:00+00'),
       pg_temp.put(:'org', :'namesake', 'namesake', '2026-06-20 18:00+00'), pg_temp.put(:'other', :'theirs', 'theirs', '2026-06-20 14:00+00');
create function pg_temp.found(p_org uuid, p_phone text, p_name text, p_on date) returns text[] language sql as $$
    select coalesce(array_agg(a.title order by a.scheduled_at), '{}') from private.appointments_of_caller(p_org, p_phone, p_name, p_on, '2026-06-10 12:00+00') a $$;

select is(pg_temp.found(:'org', '+12125550001', null, null), '{evening,next}', 'a number opens what is to come, in order');
select is(pg_temp.found(:'org', '+12125550002', null, null), '{nameless}', 'its own alone');
select is(pg_temp.found(:'other', '+12125550001', null, null), '{theirs}', 'at another clinic another''s');
select is(pg_temp.found(:'org', '+12125550001', null, '2026-06-10'), '{evening}', 'a day narrows it down: the clinic''s day');
select is(pg_temp.found(:'org', '+12125550001', null, '2026-06-11'), '{}', 'not Greenwich''s');
select is(pg_temp.found(:'org', '+12125550009', n, '2026-06-20'), '{next,namesake}', 'name and day open it, however the name is said: ' || n)
from unnest(array['Zoë O’Neill', 'oneill zoe', '  O''NEILL,   ZOË ', 'Zoe ONeill']) as n;
select is(pg_temp.found(:'org', null, 'Zoe ONeill', '2026-06-20'), '{next,namesake}', 'with no number too');
select is(pg_temp.found(:'org', '+12125550009', 'Zoe ONeill', null), '{}', 'a name alone opens nothing');
select is(pg_temp.found(:'org', null, null, '2026-06-20'), '{}', 'a day alone opens nothing');
select is(pg_temp.found(:'org', null, n, '2026-06-20'), '{}', 'nor with half a name, or none: ' || n) from unnest(array['Zoe', 'ONeill', '', ' - ']) as n;
select is(pg_temp.found(:'org', '', '', '2026-06-20'), '{}', 'nothing opens nothing');

select * from finish();
rollback;

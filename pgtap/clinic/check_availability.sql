begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(47);

select tests.org() as org, tests.org('Other') as other, tests.org('Team') as team \gset
select id as botox from public.services where org_id = :'org' and name = 'Botox' \gset
update public.services set duration_minutes = 45, buffer_minutes = 15 where org_id = :'org' and id = :'botox';

-- A clinic that has said nothing.
select is(cardinality(tests.slots(:'org', '2026-06-08', 7)), 5 * 31, 'a clinic that has not said when it is open sees patients from nine to five, Monday to Friday');
select is((tests.slots(:'org', '2026-06-09'))[1:2] || (tests.slots(:'org', '2026-06-09'))[31], '{"09.06. 09:00","09.06. 09:15","09.06. 16:30"}', 'on the quarters of an hour, the last in time to end');
select is(count(*), 20::bigint, 'twenty are told, unless more are wanted') from private.check_availability(:'org', '2026-06-08', '2026-06-15', p_now => '2026-01-01');
select is(array_agg(s order by s), array_agg(s order by n), 'in the order of time') from private.check_availability(:'org', '2026-06-08', '2026-06-15', p_limit => null, p_now => '2026-01-01') with ordinality as s (s, e, p, pn, n);

-- Its own hours.
insert into public.opening_hours (org_id, weekday, opens, closes) values (:'org', 2, '09:10', '10:25'), (:'org', 2, '14:00', '15:00'), (:'org', 2, '15:00', '15:30'), (:'org', 6, '23:00', '24:00'), (:'org', 7, '00:00', '01:00');
select is(tests.slots(:'org', '2026-06-08'), '{}', 'its own hours replace them, whatever the day');
select is(tests.slots(:'org', '2026-06-09'), '{"09.06. 09:10","09.06. 09:25","09.06. 09:40","09.06. 09:55","09.06. 14:00","09.06. 14:15","09.06. 14:30","09.06. 14:45","09.06. 15:00"}',
    'several spans a day, the quarters from each opening; spans that meet are one');
select is(tests.slots(:'org', '2026-06-13', 2), '{"13.06. 23:00","13.06. 23:15","13.06. 23:30","13.06. 23:45","14.06. 00:00","14.06. 00:15","14.06. 00:30"}', 'over midnight, too');
select is(tests.slots(:'org', '2026-06-09', 1, :'botox'), '{"09.06. 09:10","09.06. 09:25","09.06. 09:40","09.06. 14:00","09.06. 14:15","09.06. 14:30","09.06. 14:45"}', 'a service takes its time; what is kept free behind it may run past closing');
select is((array_agg(s.ends_at - s.starts_at))[1], '45 minutes', 'and ends after its own length') from private.check_availability(:'org', '2026-06-09', '2026-06-10', :'botox', p_now => '2026-01-01') as s;
insert into public.opening_hours (org_id, weekday, opens, closes) values (:'org', 2, '09:10', '10:00');
select is(cardinality(tests.slots(:'org', '2026-06-09')), 9, 'hours said twice count once');
delete from public.opening_hours where org_id = :'org' and closes = '10:00';

-- Appointments.
select tests.booked(:'org', '2026-06-09 13:00+00', p_service => :'botox') as booked \gset
select is(tests.slots(:'org', '2026-06-09'), '{"09.06. 09:10","09.06. 09:25","09.06. 09:40","09.06. 09:55","09.06. 15:00"}', 'an appointment takes its time and what is kept free behind it');
select is(tests.slots(:'org', '2026-06-09', 1, :'botox'), '{"09.06. 09:10","09.06. 09:25","09.06. 09:40"}', 'nor may the next one''s begin before');
select is(tests.slots(:'org', '2026-06-09', 1, p_now => '2026-06-09 08:25+00'), '{"09.06. 09:40","09.06. 09:55","09.06. 15:00"}', 'what begins this moment is over');
update public.appointments set status = 'confirmed' where org_id = :'org' and id = :'booked';
select is(cardinality(tests.slots(:'org', '2026-06-09')), 5, 'confirmed it takes it still');
create function pg_temp.slots_when(p_org uuid, p_id uuid, p_status text) returns integer language plpgsql as $$
begin
    update public.appointments set status = p_status where org_id = p_org and id = p_id;
    return cardinality(tests.slots(p_org, '2026-06-09'));
end $$;
select is(pg_temp.slots_when(:'org', :'booked', st), 9, 'not any more: ' || st) from unnest(array['cancelled', 'no-show', 'completed']) as st;
select tests.booked(:'org', '2026-06-09 08:40+00') \gset
select is(tests.slots(:'org', '2026-06-09', 1, :'botox'), '{"09.06. 14:00","09.06. 14:15","09.06. 14:30","09.06. 14:45"}', 'what is to be kept free behind a visit must be free');

-- Closures, to the last day.
insert into public.closures (org_id, starts_on, ends_on) values (:'org', '2026-06-16', '2026-06-16'), (:'org', '2026-07-01', '2026-07-07'), (:'other', '2026-06-23', '2026-06-23');
select is(tests.slots(:'org', d::date), '{}', 'closed on ' || d) from unnest(array['2026-06-16', '2026-07-07']) as d;
select isnt(tests.slots(:'org', d::date), '{}', 'open again on ' || d) from unnest(array['2026-06-23', '2026-06-30', '2026-07-14']) as d;

-- How far.
select is(tests.slots(:'org', '2027-06-08', 1, p_now => '2026-05-04 12:00+00'), '{"08.06. 09:10","08.06. 09:25","08.06. 09:40","08.06. 09:55"}', 'four hundred days ahead to the minute');
select is(count(*), 0::bigint, 'nothing is offered backwards') from private.check_availability(:'org', '2026-06-10', '2026-06-09', p_now => '2026-01-01');
select is(min(s.starts_at), '2026-01-03 23:00+00', 'with no end named, from now on') from private.check_availability(:'org', null, null, p_now => '2026-01-01') as s;

-- Several people.
insert into public.practitioners (org_id, id, name) values (:'team', '00000000-0000-4000-8000-00000000000a', 'Ada'), (:'team', '00000000-0000-4000-8000-00000000000b', 'Bea') ;
insert into public.practitioners (org_id, name, is_active) values (:'team', 'Gone', false);
insert into public.opening_hours (org_id, weekday, opens, closes) values (:'team', 2, '09:00', '10:00');
select is(tests.slots(:'team', '2026-06-09'), '{"09.06. 09:00 Ada","09.06. 09:15 Ada","09.06. 09:30 Ada"}', 'of two who are free the first by id, each time once');
select is(tests.slots(:'team', '2026-06-09', 1, null, '00000000-0000-4000-8000-00000000000b'), '{"09.06. 09:00 Bea","09.06. 09:15 Bea","09.06. 09:30 Bea"}', 'or who is asked for');
select tests.booked(:'team', '2026-06-09 08:00+00', null, '00000000-0000-4000-8000-00000000000a') as with_ada \gset
select is(tests.slots(:'team', '2026-06-09'), '{"09.06. 09:00 Bea","09.06. 09:15 Bea","09.06. 09:30 Bea"}', 'who is busy less on the day comes first');
select is(tests.slots(:'team', '2026-06-16'), '{"16.06. 09:00 Ada","16.06. 09:15 Ada","16.06. 09:30 Ada"}', 'of that day');
insert into public.opening_hours (org_id, practitioner_id, weekday, opens, closes) values (:'team', '00000000-0000-4000-8000-00000000000b', 2, '09:45', '10:30'), (:'team', '00000000-0000-4000-8000-00000000000b', 3, '09:00', '09:30');
select is(tests.slots(:'team', '2026-06-09', 2), '{"09.06. 09:30 Ada","09.06. 09:45 Bea","09.06. 10:00 Bea","10.06. 09:00 Bea"}', 'somebody''s own hours replace the clinic''s');
insert into public.closures (org_id, practitioner_id, starts_on, ends_on) values (:'team', '00000000-0000-4000-8000-00000000000b', '2026-06-16', '2026-06-17');
select is(tests.slots(:'team', '2026-06-16', 2), '{"16.06. 09:00 Ada","16.06. 09:15 Ada","16.06. 09:30 Ada"}', 'who is away is away alone');
insert into public.closures (org_id, starts_on, ends_on) values (:'team', '2026-06-23', '2026-06-24');
select is(tests.slots(:'team', '2026-06-23', 2), '{}', 'when the clinic is closed everybody is');
select is(tests.slots(:'team', '2026-06-09', 2, null, (select id from public.practitioners where org_id = :'team' and name = 'Gone')), '{}', 'who left sees nobody');
update public.practitioners set is_active = false where org_id = :'team';
select is(tests.slots(:'team', '2026-06-08', 7), '{}', 'and when all have, nobody does');
update public.practitioners set is_active = true where org_id = :'team' and name <> 'Gone';

-- Practitioners who came after the first appointments.
select is(cardinality(tests.slots(:'other', '2026-06-08')), 31, 'a clinic without practitioners is one resource');
select tests.booked(:'other', '2026-06-08 08:00+00') as early \gset
insert into public.practitioners (org_id, name) values (:'other', 'Cleo'), (:'other', 'Dido');
select is((tests.slots(:'other', '2026-06-08'))[1] ~ '09:30', true, 'what was booked with nobody in particular is everybody''s');
select is(cardinality(tests.slots(:'other', '2026-06-08')), 29, 'and nothing else is');

-- What is asked for must be there.
select tests.throws_code(format('select private.check_availability(%L, null, null, %L)', :'other', :'botox'), 'service_not_found', 'another organisation''s service is not');
select tests.throws_code(format('select private.check_availability(%L, null, null, null, %L)', :'other', '00000000-0000-4000-8000-00000000000a'), 'practitioner_not_found', 'nor its practitioner');
select tests.throws_code(format('select private.nearest_slots(%L, now(), null, %L)', :'other', gen_random_uuid()), 'practitioner_not_found', 'nor nobody');

-- The nearest.
create function pg_temp.nearest(p_at timestamptz, p_org uuid, p_count integer default 3) returns text[] language sql as $$
    select array_agg(to_char(s.starts_at at time zone 'Europe/London', 'DD.MM. HH24:MI') order by n)
    from private.nearest_slots(p_org, p_at, p_count => p_count, p_now => '2026-01-01') with ordinality as s (starts_at, e, p, pn, n) $$;
select is(pg_temp.nearest('2026-06-09 13:15+00', :'org'), '{"09.06. 14:00","09.06. 14:15","09.06. 14:30"}', 'the nearest slots, in the order of time');
select is(pg_temp.nearest('2026-06-16 13:00+00', :'org'), '{"14.06. 00:00","14.06. 00:15","14.06. 00:30"}', 'before or behind');
select is(pg_temp.nearest('2026-07-04 12:00+00', :'org'), '{"30.06. 14:30","30.06. 14:45","30.06. 15:00"}', 'however far');
select is(pg_temp.nearest('2025-06-16 13:00+00', :'org', 2), '{"03.01. 23:00","03.01. 23:15"}', 'of a time that is over the next ones from now');
select is(pg_temp.nearest('2036-06-16 13:00+00', :'org', 1), '{"02.02. 15:00"}', 'of one that is too far the last ones there are');
select is(pg_temp.nearest('2026-06-08 08:00+00', :'team', 2), '{"09.06. 09:30","09.06. 09:45"}', 'with whoever is free');

select * from finish();
rollback;

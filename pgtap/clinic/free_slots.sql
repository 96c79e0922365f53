begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(35);

-- Clinics that are open through the night in which their clocks change.
create temporary table nights as
select z.zone, z.day, z.slots, z.gone, tests.org('Night') as org
from (values
    ('Europe/London', date '2026-03-29', 11, '{01:00,01:15,01:30,01:45}'::text[]),
    ('Europe/London', '2026-10-25', 15, '{}'),
    ('America/New_York', '2026-03-08', 11, '{02:00,02:15,02:30,02:45}'),
    ('America/New_York', '2026-11-01', 15, '{}'),
    ('Australia/Lord_Howe', '2026-10-04', 13, '{02:00,02:15}'),
    ('Australia/Lord_Howe', '2026-04-05', 15, '{}'),
    ('Asia/Kathmandu', '2026-11-01', 15, '{}')) as z (zone, day, slots, gone);
update public.organizations o set timezone = n.zone from nights n where n.org = o.id;
insert into public.opening_hours (org_id, weekday, opens, closes) select n.org, 7, '00:00', '04:00' from nights n;

select is(tests.slots(n.org, n.day), (
    select array_agg(to_char(q, 'DD.MM. HH24:MI') order by q)
    from generate_series(n.day::timestamp, n.day + interval '210 minutes', interval '15 minutes') as q
    where to_char(q, 'HH24:MI') <> all (n.gone)), format('each quarter that is there, once: %s %s', n.zone, n.day))
from nights n;
select is(cardinality(tests.slots(n.org, n.day)), n.slots, format('%s: %s', n.zone, n.slots)) from nights n;
select is((
    select count(*)
    from private.check_availability(n.org, n.day - interval '1 day', n.day + interval '2 days', null, null, null, '2026-01-01') as s
    where private.clinic_time(n.org, to_char(s.starts_at at time zone n.zone, 'YYYY-MM-DD"T"HH24:MI'), '2026-01-01')
        is distinct from (s.starts_at, null)::private.clinic_moment), 0::bigint, format('what is offered can be asked for by its name: %s %s', n.zone, n.day))
from nights n;
select is((
    select string_agg(b.outcome, ',' order by s.starts_at)
    from (select c.*, row_number() over (order by c.starts_at) as n
          from private.check_availability(n.org, n.day - interval '1 day', n.day + interval '2 days', null, null, null, '2026-01-01') c) as s
    cross join lateral private.book_appointment(n.org, null, s.starts_at, p_now => '2026-01-01') as b
    where s.n in (1, 3, 5, 7)), 'booked,booked,booked,booked', format('and booked: %s %s', n.zone, n.day))
from nights n where n.slots = 15;

-- The hour that comes twice.
select org as london from nights where zone = 'Europe/London' and day = '2026-10-25' \gset
select is((private.book_appointment(:'london', null, '2026-10-25 01:30+00', p_now => '2026-01-01')).outcome, 'booked', 'the second of two half past ones is a time of its own, for those who name it by its offset');
select is((private.book_appointment(:'london', null, '2026-10-25 00:30+00', p_now => '2026-01-01')).outcome, 'taken', 'the first was taken before it');
select is((private.book_appointment(:'london', null, '2026-10-25 03:30+00', p_now => '2026-01-01')).outcome, 'booked', 'closing time is the clock''s');
select is((private.book_appointment(:'london', null, '2026-10-25 03:45+00', p_now => '2026-01-01')).outcome, 'closed', 'to the minute');
select org as london from nights where zone = 'Europe/London' and day = '2026-03-29' \gset
select is((private.book_appointment(:'london', null, '2026-03-29 02:30+00', p_now => '2026-01-01')).outcome, 'booked', 'when an hour is skipped, too');
select is((private.book_appointment(:'london', null, '2026-03-29 02:45+00', p_now => '2026-01-01')).outcome, 'closed', 'to the minute');
select is((private.book_appointment(:'london', null, '2026-03-29 00:45+00', p_now => '2026-01-01')).outcome, 'booked', 'a visit may reach over the gap');
select is((private.book_appointment(:'london', null, '2026-03-29 01:00+00', p_now => '2026-01-01')).outcome, 'taken', 'and then takes what is behind it');

-- A closure ends with the day, however long it is.
insert into public.closures (org_id, starts_on, ends_on) select n.org, n.day, n.day from nights n;
select is(tests.slots(n.org, n.day), '{}', format('closed that night: %s %s', n.zone, n.day)) from nights n where n.zone = 'Australia/Lord_Howe';

select * from finish();
rollback;

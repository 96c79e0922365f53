begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(35);

select tests.org() as org, tests.org('York') as york, tests.org('Howe') as howe, tests.org('Kath') as kath \gset
update public.organizations set timezone = 'America/New_York' where id = :'york';
update public.organizations set timezone = 'Australia/Lord_Howe' where id = :'howe';
update public.organizations set timezone = 'Asia/Kathmandu' where id = :'kath';

-- Whose clock.
select is((private.clinic_time(o::uuid, '2026-06-10T14:30', '2026-01-01')).at, a, 'without an offset a time is on the clinic''s clock: ' || a)
from (values (:'org', timestamptz '2026-06-10 13:30+00'), (:'york', '2026-06-10 18:30+00'), (:'howe', '2026-06-10 04:00+00'),
             (:'kath', '2026-06-10 08:45+00')) as t (o, a);
select is(private.clinic_time(:'kath', w, '2026-01-01'), ('2026-06-10 13:30+00', null)::private.clinic_moment, 'a time may be said so: ' || w)
from unnest(array['2026-06-10T13:30Z', '2026-06-10t13:30:00z', '2026-06-10 14:30 +01:00', '2026-06-10T14:30:00.000+01', '2026-06-10T0:30-1300',
                  ' 2026-06-10T19:15:00 ', '2026-06-10 19:15']) as w;
select is((private.clinic_time(:'org', '2026-06-09T24:00', '2026-01-01')).at, '2026-06-09 23:00+00', 'midnight may be the end of a day');

-- Twice a year.
select is((private.clinic_time(o::uuid, w, '2026-01-01')).problem, 'skipped', format('%s never is', w))
from (values (:'org', '2026-03-29T01:00'), (:'org', '2026-03-29T01:59'), (:'york', '2026-03-08T02:30'), (:'howe', '2026-10-04T02:15')) as t (o, w);
select is((private.clinic_time(o::uuid, w, '2026-01-01')).at, a, format('%s is the first of two', w))
from (values (:'org', '2026-10-25T01:30', timestamptz '2026-10-25 00:30+00'), (:'york', '2026-11-01T01:00', '2026-11-01 05:00+00'),
             (:'howe', '2026-04-05T01:45', '2026-04-04 14:45+00')) as t (o, w, a);
select is((private.clinic_time(:'org', '2026-10-25T01:30+00:00', '2026-01-01')).at, '2026-10-25 01:30+00', 'the second can be said with its offset');
select is((private.clinic_time(:'org', '2026-03-29T00:59', '2026-01-01')), ('2026-03-29 00:59+00', null)::private.clinic_moment, 'the minute before a gap is itself');

-- What is no time.
select is(private.clinic_time(:'org', w, '2026-01-01'), (null, 'unreadable')::private.clinic_moment, 'nobody knows when that is: ' || coalesce(w, 'nothing'))
from unnest(array['tomorrow at ten', '2026-02-30T10:00', '2026-06-10T25:00', '2026-06-10', '10:00', '2026-06-10T10:00:30', '', null,
                  '2026-06-10T10:00+99:00', '10/06/2026 10:00']) as w;

-- When it is over, and when it is too far.
select is((private.clinic_time(:'org', '2026-06-10T10:00', '2026-06-10 09:00+00')).problem, 'past', 'this very moment is over');
select is((private.clinic_time(:'org', '2026-06-10T10:00', '2026-06-10 08:59+00')).problem, null, 'the next minute is not');
select is((private.clinic_time(:'org', '2026-06-10T10:00', timestamptz '2026-06-10 09:00+00' - interval '400 days')).problem, null, 'four hundred days ahead is near enough');
select is((private.clinic_time(:'org', '2026-06-10T10:01', timestamptz '2026-06-10 09:00+00' - interval '400 days')).problem, 'too_far', 'not a minute more');

select * from finish();
rollback;

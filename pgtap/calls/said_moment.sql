-- Days, times, numbers and names are understood as agents write them, and never guessed.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(66);

select is(private.said_day(t, 'Europe/London', 'de', '2026-07-01 09:00+00'), e, coalesce(t, 'nothing'))
from (values ('2026-08-04', '2026-08-04'), ('2026-08-04T14:30', '2026-08-04'), ('today', '2026-07-01'), ('Tomorrow', '2026-07-02'), ('Thursday', '2026-07-02'),
    ('next tuesday', '2026-07-07'), ('wednesday', '2026-07-08'), ('Freitag', '2026-07-03'), ('mardi', null), ('04/08/2026', null), ('4 August', null), ('soon', null), (null, null)) as v (t, e);
select is(private.said_day('today', 'Pacific/Auckland', 'en', '2026-07-01 13:00+00'), '2026-07-02', 'today is the clinic''s');

select is(private.said_clock(t), e, coalesce(t, 'nothing'))
from (values ('14:30', '14:30'), ('9:05', '09:05'), ('14.30', '14:30'), ('14h30', '14:30'), ('14 h 30', '14:30'), ('1430', '14:30'), ('14:30:00', '14:30'), ('14', '14:00'), ('9', '09:00'),
    ('2:30 pm', '14:30'), ('2:30PM', '14:30'), ('2 p.m.', '14:00'), ('12 am', '00:00'), ('12 pm', '12:00'), ('12:15 a.m.', '00:15'), ('14 Uhr 30', '14:30'), ('14:30 Uhr', '14:30'), ('9 o''clock', '09:00'),
    ('noon', '12:00'), ('midnight', '00:00'), ('25:00', null), ('14:75', null), ('13 pm', null), ('half past two', null), ('morning', null), ('', null), (null, null)) as v (t, e);

select tests.org() as org \gset
select tests.in_call(:'org') as call \gset
create function pg_temp.moment(p_day text, p_clock text default null) returns text language sql as $$
    select concat_ws(' ', (m.x).problem, to_char((m.x).at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
    from (select private.said_moment(c, p_day, p_clock, '2026-07-01 09:00+00') as x from public.calls c where c.vapi_call_id = 'vapi-1' and c.created_at = '2026-07-01 09:00+00') as m $$;
select is(pg_temp.moment('2026-08-04', '14:30'), '2026-08-04 13:30', 'a day and a time, on the clinic''s clock');
select is(pg_temp.moment('2026-08-04T14:30'), '2026-08-04 13:30', 'both in the day');
select is(pg_temp.moment(null, '2026-08-04T14:30:00Z'), '2026-08-04 14:30', 'both in the time, with its offset');
select is(pg_temp.moment('2026-08-04T09:00', '14:30'), '2026-08-04 13:30', 'a time of its own comes first');
select is(pg_temp.moment('tomorrow', '9 am'), '2026-07-02 08:00', 'as people say it');
select is(pg_temp.moment(null, null), 'no_date', 'nothing was said');
select is(pg_temp.moment(null, '14:30'), 'no_date', 'no day was said');
select is(pg_temp.moment('2026-08-04', null), 'no_time', 'no time was said');
select is(pg_temp.moment('2026-02-30', '14:30'), 'unreadable', 'a day that does not exist');
select is(pg_temp.moment('2026-08-04', 'afternoon'), 'unreadable', 'a time that is none');
select is(pg_temp.moment('2026-06-30', '14:30'), 'past 2026-06-30 13:30', 'gone');
select is(pg_temp.moment('2027-03-28', '01:30'), 'skipped 2027-03-28 01:30', 'skipped by the clocks, and where it would be');
select is(pg_temp.moment('2029-08-04', '14:30'), 'too_far 2029-08-04 13:30', 'too far away');

create function pg_temp.number(p_said text) returns text language sql as $$
    select private.said_number(c, p_said) from public.calls c where c.vapi_call_id = 'vapi-1' and c.created_at = '2026-07-01 09:00+00' $$;
select is(pg_temp.number(t), e, coalesce(t, 'nothing'))
from (values ('+44 7700 900222', '+447700900222'), ('0044 7700 900222', '+447700900222'), ('07700 900-222', '+447700900222'), ('+44 (0)7700 900222', '+447700900222'),
    ('+49 30 901820', '+4930901820'), ('900222', null), ('call me', null), ('09001234567', null), (null, null)) as v (t, e);
select is(private.said_name('{"patientName": " Ada  Lovelace "}'), 'Ada Lovelace', 'a name');
select is(private.said_name('{"first_name": "Ada", "last_name": "Lovelace"}'), 'Ada Lovelace', 'in two parts');
select is(private.said_name('{}'), null, 'none');

select * from finish();
rollback;

-- A caller moves an appointment that is theirs: by the number they ring from, or by name and day. Nothing of others' is told.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(22);

select tests.org() as org \gset
insert into public.contacts (org_id, phone, first_name, last_name) values (:'org', '+447700900123', 'Ada', 'Byron') returning id as ada \gset
insert into public.contacts (org_id, phone, first_name, last_name) values (:'org', '+447700900200', 'Max', 'Byron') returning id as max \gset
select tests.in_call(:'org') as call, tests.in_call(:'org', 'vapi-2', '+447700900999') as stranger, tests.in_call(:'org', 'vapi-3', 'anonymous') as withheld \gset
select tests.booked(:'org', '2026-08-04 13:30+00', :'ada') as adas, tests.booked(:'org', '2026-08-06 13:30+00', :'max') as maxs \gset
create function pg_temp.move(p_call uuid, p_arguments text) returns text language sql as $$ select tests.told(p_call, 'rescheduleAppointment', p_arguments::jsonb) $$;
create function pg_temp.stands(p_id uuid) returns text language sql as $$
    select to_char(scheduled_at at time zone 'Europe/London', 'DD.MM. HH24:MI') from public.appointments where id = p_id $$;

select is(pg_temp.move(:'call', '{"newDate": "2026-08-05", "newTime": "10:00"}'), 'Your appointment has been moved to Wednesday the 5th of August at 10:00 am.', 'the one of the number is moved');
select is(pg_temp.stands(:'adas'), '05.08. 10:00', 'there');
select is(pg_temp.move(:'call', '{"newDate": "2026-08-05", "newTime": "10:00", "date": "2026-08-04"}'), 'Your appointment has been moved to Wednesday the 5th of August at 10:00 am.', 'asked again');
select is(pg_temp.stands(:'adas'), '05.08. 10:00', 'it stays there');
select is(pg_temp.move(:'call', '{"newDate": "2026-08-06", "newTime": "14:30"}'),
    'I am sorry, Thursday the 6th of August at 2:30 pm has just been taken. The nearest free times are Thursday the 6th of August at 1:45 pm, 2:00 pm or 3:00 pm. Would one of those suit you?', 'not where somebody else is');
select matches(pg_temp.move(:'call', m), e, m)
from (values ('{"newDate": "2026-08-09", "newTime": "10:00"}', '^No appointments are given at that time\. The nearest'), ('{"newDate": "2026-06-09", "newTime": "10:00"}', '^That time has already passed\. The nearest'),
    ('{"newDate": "2026-08-05"}', '^What time would you like'), ('{}', '^Which day would you like'), ('{"newDate": "x", "newTime": "y"}', '^I did not catch')) as v (m, e);
select is(pg_temp.stands(:'adas'), '05.08. 10:00', 'and it stays where it is');

-- Who it is.
select is(pg_temp.move(c, m), private.say('ask_appointment', 'en'), w)
from (values (:'stranger'::uuid, '{"newDate": "2026-08-07", "newTime": "10:00"}', 'a number without any is asked for the name and the day'),
    (:'stranger', '{"newDate": "2026-08-07", "newTime": "10:00", "name": "Max Byron"}', 'a name alone opens nothing'),
    (:'stranger', '{"newDate": "2026-08-07", "newTime": "10:00", "date": "2026-08-06"}', 'a day alone opens nothing'),
    (:'stranger', '{"newDate": "2026-08-07", "newTime": "10:00", "name": "Max Byron", "date": "2026-08-05"}', 'another''s day opens nothing'),
    (:'stranger', format('{"newDate": "2026-08-07", "newTime": "10:00", "appointmentId": "%s"}', :'maxs'), 'an id opens nothing'),
    (:'withheld', '{"newDate": "2026-08-07", "newTime": "10:00", "name": "Max", "date": "2026-08-06"}', 'half a name opens nothing'),
    (:'stranger', '{"newDate": "2026-08-07", "newTime": "10:00", "name": "Max Byron", "phone": "+447700900200"}', 'another number that is only said opens nothing')) as v (c, m, w);
select is(pg_temp.stands(:'maxs'), '06.08. 14:30', 'it stays where it is');
select is(pg_temp.move(:'withheld', '{"newDate": "2026-08-07", "newTime": "10:00", "name": "max BYRON", "date": "2026-08-06"}'),
    'Your appointment has been moved to Friday the 7th of August at 10:00 am.', 'name and day that both match do');

-- Which one.
select tests.booked(:'org', '2026-08-10 09:00+00', :'ada') as second \gset
select is(pg_temp.move(:'call', '{"newDate": "2026-08-11", "newTime": "10:00"}'),
    'You have several appointments: Wednesday the 5th of August at 10:00 am or Monday the 10th of August at 10:00 am. Which one do you mean?', 'of several, which is asked');
select is(pg_temp.move(:'call', '{"newDate": "2026-08-11", "newTime": "10:00", "date": "2026-08-10"}'), 'Your appointment has been moved to Tuesday the 11th of August at 10:00 am.', 'the day says it');

select * from finish();
rollback;

-- An agent books what the caller agreed to, once; what cannot be had is answered with what can.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(35);

select tests.org() as org, tests.org('Zone') as zone \gset
select tests.in_call(:'org') as call, tests.in_call(:'org', 'vapi-2', '+447700900222') as rival, tests.in_call(:'org', 'vapi-3', 'anonymous') as withheld \gset
select id as botox from public.services where org_id = :'org' and name = 'Botox' \gset
create function pg_temp.book(p_call uuid, p_more jsonb default '{}', p_now timestamptz default '2026-07-01 09:00+00') returns text language sql as $$
    select tests.told(p_call, 'bookClinicAppointment', '{"date": "2026-08-04", "time": "14:30", "name": "Ada Byron", "service": "botox injections", "notes": "Afraid of needles"}'::jsonb || p_more, null, p_now) $$;

-- Booked, once.
select is(pg_temp.book(:'call'), 'You are booked for Tuesday the 4th of August at 2:30 pm.', 'a free time is booked');
select results_eq(format($$ select a.scheduled_at, a.service_id, a.title, a.notes, a.call_id, c.phone, c.first_name || ' ' || c.last_name, c.lead_status
        from public.appointments a join public.contacts c on c.org_id = a.org_id and c.id = a.contact_id where a.org_id = %L $$, :'org'),
    format($$ values ('2026-08-04 13:30+00'::timestamptz, %L::uuid, 'Botox', 'Afraid of needles', %L::uuid, '+447700900123', 'Ada Byron', 'booked') $$, :'botox', :'call'),
    'for the caller, by their number and the name given, on the clinic''s clock');
select is((select appointment_id from public.calls where id = :'call'), (select id from public.appointments where org_id = :'org'), 'and the call names it');
select is(pg_temp.book(:'call', m::jsonb), 'That is already booked for you: Tuesday the 4th of August at 2:30 pm.', 'asked again in the same call: ' || m)
from unnest(array['{}', '{"time": "2:30 pm"}', '{"name": "Ada"}', '{"date": "2026-08-04T13:30:00Z", "time": ""}']) as m;
select is((select count(*) from public.appointments where org_id = :'org'), 1::bigint, 'it is one appointment');
select is((select count(*) from public.contacts where org_id = :'org'), 1::bigint, 'of one contact');

-- Lost to somebody else.
select is(pg_temp.book(:'rival', '{"name": "Bea"}'),
    'I am sorry, Tuesday the 4th of August at 2:30 pm has just been taken. The nearest free times are Tuesday the 4th of August at 1:45 pm, 2:00 pm or 3:00 pm. Would one of those suit you?',
    'a slot that somebody has, with the three nearest free ones');
select is(pg_temp.book(:'rival', '{"name": "Bea", "time": "15:00"}'), 'You are booked for Tuesday the 4th of August at 3:00 pm.', 'one of which is booked');
select is(pg_temp.book(:'rival', '{"time": "16:00"}'), 'You are booked for Tuesday the 4th of August at 4:00 pm.', 'who thinks better of it in the same call');
select is((select count(*) from public.appointments where org_id = :'org' and call_id = :'rival'), 1::bigint, 'is moved');
select is(pg_temp.book(:'rival', '{"time": "10:00", "another": true}'), 'You are booked for Tuesday the 4th of August at 10:00 am.', 'who wants one more says so');
select is((select count(*) from public.appointments where org_id = :'org' and call_id = :'rival'), 2::bigint, 'and has two');

-- Times that cannot be had.
select matches(pg_temp.book(:'rival', m::jsonb), e, m)
from (values ('{"date": "2026-06-30"}', '^That time has already passed\. The nearest free times are Wednesday the 1st of July at 10:15 am'),
    ('{"date": "2026-08-09"}', '^No appointments are given at that time\. The nearest free times are Monday the 10th of August'),
    ('{"time": "03:00"}', '^No appointments are given at that time\. The nearest'),
    ('{"date": "2027-03-28", "time": "01:30"}', '^That time does not exist, .* Monday the 29th of March'),
    ('{"time": "teatime"}', '^I did not catch that date and time\.'), ('{"date": null}', '^Which day would you like\?'), ('{"time": null}', '^What time would you like\?'),
    ('{"date": {"x": 1}}', '^Which day would you like\?'), ('{"date": "2030-01-01"}', '^That is too far ahead for me to book\.')) as v (m, e);
select is((select count(*) from public.appointments where org_id = :'org'), 3::bigint, 'and none of it is booked');

-- For somebody else.
select is(pg_temp.book(:'call', '{"phone": "07700 900555", "name": "Kit Byron", "date": "2026-08-05"}'), 'You are booked for Wednesday the 5th of August at 2:30 pm.', 'for another number');
select is((select c.first_name from public.contacts c join public.appointments a on a.org_id = c.org_id and a.contact_id = c.id where c.org_id = :'org' and c.phone = '+447700900555'),
    'Kit', 'the patient is whose number it is');
select matches(pg_temp.book(tests.in_call(:'org', 'vapi-7', '+447700900777'), '{"phone": "+447700900555", "date": "2026-08-05"}'), '^I am sorry, Wednesday the 5th of August at 2:30 pm has just been taken\.',
    'that somebody else has booked before is not told to whoever names their number');
select is(pg_temp.book(:'withheld', '{"date": "2026-08-06"}'), 'On which telephone number can the clinic reach you?', 'a number that is withheld is asked for');
select is(pg_temp.book(:'withheld', '{"date": "2026-08-06", "phone": "+44 7700 900 888"}'), 'You are booked for Thursday the 6th of August at 2:30 pm.', 'and then it is booked');
select is(pg_temp.book(tests.in_call(:'org', 'vapi-8', '+447700900880'), '{"phone": "+449011234567", "date": "2026-08-07"}'), 'You are booked for Friday the 7th of August at 2:30 pm.',
    'with a number that costs whoever texts it,');
select is((select count(*) from public.contacts where org_id = :'org' and phone like '+449%'), 0::bigint, 'the caller''s own counts');

-- Elsewhere.
update public.organizations set timezone = 'America/New_York' where id = :'zone';
insert into public.practitioners (org_id, name) values (:'zone', 'Dr Grace');
select is(pg_temp.book(tests.in_call(:'zone', 'vapi-5', '+12125550123', 'en-US')), 'You are booked for Tuesday, August 4th at 2:30 pm with Dr Grace.', 'with whom is said, as it is said there');
select is((select scheduled_at from public.appointments where org_id = :'zone'), '2026-08-04 18:30+00'::timestamptz, 'at that clinic''s half past two');
select is(pg_temp.book(tests.in_call(:'zone', 'vapi-6', '+12125550124', 'de'), '{"time": "10:00"}'), 'Ihr Termin bei Dr Grace ist eingetragen: Dienstag, 4. August um 10:00 Uhr.', 'in the agent''s language');

select * from finish();
rollback;

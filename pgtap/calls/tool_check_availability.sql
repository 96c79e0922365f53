-- Asked for times, an agent is told which are free, in words, or what is nearest to what is not.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(27);

select tests.org() as org, tests.org('Other') as other \gset
select tests.in_call(:'org') as call \gset
insert into public.practitioners (org_id, name) values (:'org', 'Dr Ada Byron') returning id as ada \gset
insert into public.practitioners (org_id, name) values (:'org', 'Dr Max Byron') returning id as max \gset
insert into public.opening_hours (org_id, weekday, opens, closes) select :'org', d, '09:00', '17:00' from generate_series(1, 5) as d;
update public.services set duration_minutes = 120 where org_id = :'org' and name = 'Facelift';
select tests.booked(:'org', '2026-08-04 08:00+00', null, :'ada') as a1, tests.booked(:'org', '2026-08-04 08:00+00', null, :'max') as a2, tests.booked(:'org', '2026-08-04 10:00+00', null, :'ada') as a3 \gset

select matches(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04"}'),
    '^On Tuesday the 4th of August these times are free, among others: 9:30 am, .*3:\d\d pm\. Which one suits you\?$', 'a day, with times spread over it');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "time": "09:00"}'),
    'I am sorry, Tuesday the 4th of August at 9:00 am is not free. The nearest free times are Tuesday the 4th of August at 9:30 am, 9:45 am or 10:00 am. Would one of those suit you?',
    'a time when everybody is busy, and what is nearest');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "time": "09:30"}'), 'Yes, Tuesday the 4th of August at 9:30 am is free. Shall I book it?', 'a time that is free');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "time": "11:00"}'), 'Yes, Tuesday the 4th of August at 11:00 am is free. Shall I book it?', 'with somebody else');
select matches(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "time": "11:00", "practitioner": "Ada"}'), '^I am sorry, Tuesday the 4th of August at 11:00 am is not free\.', 'not with who is busy');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "time": "11:00", "practitioner": "Doctor Max Byron"}'), 'Yes, Tuesday the 4th of August at 11:00 am is free. Shall I book it?', 'with who is named whole');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "time": "11:00", "practitioner": "Doctor Byron"}'), 'Yes, Tuesday the 4th of August at 11:00 am is free. Shall I book it?', 'with anybody, where the name is that of two');
select matches(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "time": "16:00", "service": "a face lift"}'), '^I am sorry, Tuesday the 4th of August at 4:00 pm is not free\.', 'as long as the service takes');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "time": "16:00", "service": "something odd"}'), 'Yes, Tuesday the 4th of August at 4:00 pm is free. Shall I book it?', 'a service nobody knows is any');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-08"}'),
    'There is nothing free on Saturday the 8th of August. The nearest free times are Friday the 7th of August at 4:00 pm, 4:15 pm or 4:30 pm. Would one of those suit you?', 'a day on which nobody is there');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-08", "days": 2}'),
    'There is nothing free in those days. The nearest free times are Friday the 7th of August at 4:00 pm, 4:15 pm or 4:30 pm. Would one of those suit you?', 'several days');
select matches(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-08", "days": "4"}'),
    '^These times are free, among others: Monday the 10th of August at 9:00 am, .*Tuesday the 11th of August at ', 'days among which some are free');
select matches(tests.told(:'call', 'checkAvailability', jsonb_build_object('date', '2026-08-04', 'days', d)), '^On Tuesday the 4th of August', format('%s days are one', d))
from unnest(array['0', '-3', 'some']) as d;
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "days": 99}'), tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04", "days": 14}'), 'no more than a fortnight');
select is(tests.told(:'call', 'checkAvailability', '{}'), 'The nearest free times are Wednesday the 1st of July at 10:15 am, 10:30 am or 10:45 am. Would one of those suit you?', 'no day at all: what is next');
select matches(tests.told(:'call', 'checkAvailability', '{"date": "today"}'), '^On Wednesday the 1st of July these times are free, among others: 10:15 am', 'today: from now on');
select is(tests.told(:'call', 'checkAvailability', '{"time": "14:30"}'), 'Which day would you like?', 'a time without a day');
select is(tests.told(:'call', 'checkAvailability', '{"date": "soonish"}'), 'I did not catch that date and time. Which day and what time would you like?', 'a day that is none');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-06-30"}'),
    'That time has already passed. The nearest free times are Wednesday the 1st of July at 10:15 am, 10:30 am or 10:45 am. Would one of those suit you?', 'a day that is gone');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2027-03-28", "time": "01:30"}'),
    'That time does not exist, because the clocks go forward that night. The nearest free times are Monday the 29th of March at 9:00 am, 9:15 am or 9:30 am. Would one of those suit you?', 'an hour that the clocks skip');
select is(tests.told(:'call', 'checkAvailability', '{"date": "2029-08-04", "time": "10:00"}'),
    'That is too far ahead for me to book. The nearest free times are Wednesday the 1st of July at 10:15 am, 10:30 am or 10:45 am. Would one of those suit you?', 'too far away');
insert into public.closures (org_id, starts_on, ends_on) values (:'org', '2026-07-01', '2027-07-01');
select matches(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04"}'), '^There is nothing free on Tuesday the 4th of August\. ', 'a closed day');
delete from public.opening_hours where org_id = :'org';
delete from private.default_opening_hours where true;
select is(tests.told(:'call', 'checkAvailability', '{"date": "2026-08-04"}'),
    'There is nothing free on Tuesday the 4th of August. Shall I take a message so that the clinic can ring you back?', 'where nothing is ever free, a message is offered');
select is(tests.told(tests.in_call(:'other', 'vapi-9', '+447700900123', 'fr-FR'), 'checkAvailability', '{"date": "2020-01-01"}'),
    'Ce moment est déjà passé. Voulez-vous que je prenne un message pour que la clinique vous rappelle ?', 'in the agent''s language');
select is((select count(*) from private.tool_runs where call_id = :'call' and result ~ '[[:cntrl:]]'), 0::bigint, 'always in one line');

select * from finish();
rollback;

-- What an agent is told to say by a tool, piece by piece: free times, what is asked back, what came of a wish, and who hears of it.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(69);

select tests.freeze_time('2026-07-01 09:00+00');
select tests.org() as org, tests.org('Other') as other \gset
select tests.in_call(:'org') as call, tests.in_call(:'other', 'vapi-2', '+447700900999', 'de-AT') as german \gset
create function pg_temp.call(p_vapi text default 'vapi-1') returns public.calls language sql stable as $$ select c from public.calls c where c.vapi_call_id = p_vapi $$;
create function pg_temp.slots(variadic p_at timestamptz[]) returns private.free_slot[] language sql immutable as $$
    select array_agg((a, a + interval '30 minutes', null, null)::private.free_slot order by n) from unnest(p_at) with ordinality as u (a, n) $$;
create function pg_temp.said(p_answer private.tool_answer) returns text language sql immutable as $$ select case when p_answer.ok then 'yes: ' else 'no: ' end || p_answer.result $$;
select pg_temp.slots('2026-08-04 09:00+00', '2026-08-04 08:00+00', '2026-08-05 08:00+00') as three \gset

-- Free times in words.
select is(private.spoken_slots(pg_temp.call(v), s, p), want, want)
from (values
    ('vapi-1', pg_temp.slots('2026-08-04 08:00+00'), 'moment', 'Tuesday the 4th of August at 9:00 am'), ('vapi-1', pg_temp.slots('2026-08-04 08:00+00'), 'time', '9:00 am'),
    ('vapi-1', :'three', 'moment', 'Tuesday the 4th of August at 9:00 am, 10:00 am or Wednesday the 5th of August at 9:00 am'),
    ('vapi-1', :'three', 'time', '9:00 am, 10:00 am or 9:00 am'),
    ('vapi-1', pg_temp.slots('2026-08-04 08:00+00', '2026-08-04 08:00+00', '2026-08-04 22:59+00', '2026-08-04 23:00+00'), 'moment',
     'Tuesday the 4th of August at 9:00 am, 11:59 pm or Wednesday the 5th of August at midnight'),
    ('vapi-2', :'three', 'time', '09:00 Uhr, 10:00 Uhr oder 09:00 Uhr')) as v (v, s, p, want);
select is(private.spoken_slots(pg_temp.call(), pg_temp.slots('2026-08-04 08:00+00', '2026-08-04 09:00+00')), 'Tuesday the 4th of August at 9:00 am or 10:00 am',
    'without a word a time is said with its day');
select is(private.offer_slots(pg_temp.call(), :'three'),
    'The nearest free times are Tuesday the 4th of August at 9:00 am, 10:00 am or Wednesday the 5th of August at 9:00 am. Would one of those suit you?', 'free times are offered');
select is(private.offer_slots(pg_temp.call(), s), 'Shall I take a message so that the clinic can ring you back?', 'where there are none, a message is')
from (values ('{}'::private.free_slot[]), (null)) as v (s);
create function pg_temp.some(p_count integer, p_most integer) returns text language sql as $$
    select string_agg(to_char(s.starts_at, 'HH24'), ' ' order by n)
    from unnest(private.some_slots(array(select ('2026-08-04 00:00+00'::timestamptz + h * interval '1 hour', null, null, h::text)::private.free_slot
        from generate_series(0, p_count - 1) as h order by h desc), p_most)) with ordinality as s (starts_at, ends_at, practitioner_id, practitioner_name, n)
        where s.practitioner_name = to_char(s.starts_at, 'FMHH24') $$;
select is(pg_temp.some(c, m), want, format('of %s times %s stand for all', c, coalesce(want, 'none')))
from (values (12, 4, '00 03 06 09'), (12, 6, '00 02 04 06 08 10'), (3, 6, '00 01 02'), (7, 3, '00 03 05'), (5, 1, '00'), (0, 6, null)) as v (c, m, want);
select is(private.some_slots('{}', 6), '{}', 'of none there are none');

-- Which is meant.
select tests.booked(:'other', '2026-08-04 10:00+00') as theirs \gset
create function pg_temp.meant(variadic p_at timestamptz[]) returns public.appointments[] language sql stable as $$
    select coalesce(array_agg(jsonb_populate_record(null::public.appointments, jsonb_build_object('scheduled_at', a)) order by n), '{}')
    from unnest(p_at) with ordinality as u (a, n) $$;
select is(pg_temp.said(private.ask_which(pg_temp.call(), '{}')),
    'no: I could not find that appointment under the number you are calling from. Which name and which date is it booked for?', 'nothing is told of none');
select is(pg_temp.said(private.ask_which(pg_temp.call(), pg_temp.meant('2026-08-06 08:00+00', '2026-08-04 08:00+00'))),
    'no: You have several appointments: Tuesday the 4th of August at 9:00 am or Thursday the 6th of August at 9:00 am. Which one do you mean?', 'of several, which is asked');
select is(pg_temp.said(private.ask_which(pg_temp.call(),
    pg_temp.meant('2026-08-04 13:00+00', '2026-08-04 08:00+00', '2026-08-04 09:00+00', '2026-08-04 12:00+00', '2026-08-04 10:00+00', '2026-08-04 11:30+00'))),
    'no: You have several appointments: Tuesday the 4th of August at 9:00 am, 10:00 am, 11:00 am, 12:30 pm or 1:00 pm. Which one do you mean?', 'of many the next five are named');

-- What came of a wish.
insert into public.practitioners (org_id, name) values (:'org', 'Dr Ada Byron') returning id as ada \gset
create function pg_temp.came(p_outcome text, p_done text, p_practitioner uuid default null, p_slots private.free_slot[] default '{}') returns text language sql stable as $$
    select pg_temp.said(private.booking_answer(
        pg_temp.call(),
        row(p_outcome, jsonb_populate_record(null::public.appointments, jsonb_build_object('scheduled_at', '2026-08-04T08:00:00Z', 'practitioner_id', p_practitioner)),
            p_slots)::private.booking,
        '2026-08-05 08:00+00', p_done)) $$;
select is(pg_temp.came(o, d, p::uuid, s), want, concat_ws(' ', o, d, what))
from (values
    ('booked', 'booked', null, '{}'::private.free_slot[], 'yes: You are booked for Tuesday the 4th of August at 9:00 am.', 'with nobody in particular'),
    ('booked', 'booked', :'ada', '{}', 'yes: You are booked for Tuesday the 4th of August at 9:00 am with Dr Ada Byron.', 'with a practitioner'),
    ('already', 'booked', :'ada', '{}', 'yes: That is already booked for you: Tuesday the 4th of August at 9:00 am.', 'again'),
    ('booked', 'rescheduled', :'ada', '{}', 'yes: Your appointment has been moved to Tuesday the 4th of August at 9:00 am.', 'elsewhere'),
    ('already', 'rescheduled', null, '{}', 'yes: Your appointment has been moved to Tuesday the 4th of August at 9:00 am.', 'to where it is'),
    ('cancelled', 'cancelled', null, '{}', 'yes: Your appointment for Tuesday the 4th of August at 9:00 am is cancelled.', 'once'),
    ('already', 'cancelled', null, '{}', 'yes: Your appointment for Tuesday the 4th of August at 9:00 am is cancelled.', 'twice'),
    ('taken', 'booked', null, pg_temp.slots('2026-08-05 09:00+00'),
     'no: I am sorry, Wednesday the 5th of August at 9:00 am has just been taken. The nearest free times are Wednesday the 5th of August at 10:00 am. Would one of those suit you?',
     'by somebody else'),
    ('closed', 'rescheduled', null, '{}', 'no: No appointments are given at that time. Shall I take a message so that the clinic can ring you back?', 'with nothing free'),
    ('past', 'booked', null, pg_temp.slots('2026-08-05 09:00+00'),
     'no: That time has already passed. The nearest free times are Wednesday the 5th of August at 10:00 am. Would one of those suit you?',
     'and what is nearest')) as v (o, d, p, s, want, what);

-- What was wished for.
delete from public.services where org_id = :'org';
insert into public.services (org_id, name, duration_minutes, price_pence) values (:'org', 'Botox', 30, 10000) returning id as botox \gset
create function pg_temp.wish(p_arguments text) returns text language sql stable as $$
    select concat_ws(' / ', coalesce(w.day, '-'), coalesce(w.clock, '-'), coalesce(w.service, '-'), w.service_id is not null, w.practitioner_id is not null)
    from private.tool_wish_of(pg_temp.call(), p_arguments::jsonb, tests.now()) as w $$;
select is(pg_temp.wish(j), want, j)
from (values
    ('{}', '- / - / - / f / f'), ('{"date": "2026-08-04", "time": "10:00", "service": "botox please", "practitioner": "Ada"}', '2026-08-04 / 10:00 / botox please / t / t'),
    ('{"preferred_date": "Friday", "Preferred-Time": "ten"}', 'Friday / ten / - / f / f'),
    ('{"scheduledStartTime": "2026-08-04T10:00", "doctor": "Ada"}', '2026-08-04T10:00 / - / - / f / t'),
    ('{"datetime": "2026-08-04T10:00"}', '2026-08-04T10:00 / - / - / f / f'),
    ('{"scheduledStartTime": "2026-08-04T10:00", "date": "2026-08-05"}', '2026-08-05 / - / - / f / f'),
    ('{"timeSlot": "10:00", "treatment": "Massage", "doctor": "Who"}', '- / 10:00 / Massage / f / f'),
    ('{"serviceType": "BOTOX", "with": "Dr Ada Byron"}', '- / - / BOTOX / t / t'), ('{"date": "null", "time": "", "service": ["botox"]}', '- / - / - / f / f')) as v (j, want);
select is((w.service_id, w.practitioner_id)::text, format('(%s,%s)', :'botox', :'ada'), 'the service and the practitioner are the clinic''s own')
from private.tool_wish_of(pg_temp.call(), '{"service": "botox", "practitioner": "Ada"}', tests.now()) as w;
select is((private.tool_wish_of(pg_temp.call('vapi-2'), '{"practitioner": "Ada"}', tests.now())).practitioner_id, null, 'another clinic''s practitioner is nobody');

-- Times that cannot be had, and days.
insert into public.opening_hours (org_id, weekday, opens, closes) select :'org', d, '09:00', '17:00' from generate_series(1, 5) as d;
create function pg_temp.trouble(p_problem text, p_at timestamptz default null, p_practitioner uuid default null) returns text language sql stable as $$
    select private.moment_trouble(pg_temp.call(), (p_at, p_problem)::private.clinic_moment, null, p_practitioner, '2026-07-01 09:00+00') $$;
select is(pg_temp.trouble(p, '2026-08-04 08:00+00'), want, p)
from (values ('no_date', 'Which day would you like?'), ('no_time', 'What time would you like?'),
    ('unreadable', 'I did not catch that date and time. Which day and what time would you like?'),
             ('past', 'That time has already passed. The nearest free times are Wednesday the 1st of July at 10:15 am, 10:30 am or 10:45 am. Would one of those suit you?'),
             ('too_far', 'That is too far ahead for me to book. The nearest free times are Wednesday the 1st of July at 10:15 am, 10:30 am or 10:45 am. Would one of those suit you?'),
             ('skipped',
              'That time does not exist, because the clocks go forward that night. The nearest free times are Tuesday the 4th of August at 9:00 am, 9:15 am or 9:30 am. Would one of those suit you?')) as v (p, want);
insert into public.practitioners (org_id, name) values (:'org', 'Dr Max Orr');
select tests.booked(:'org', '2026-07-01 09:15+00', null, :'ada', p_now => '2026-06-30 09:00+00') as early \gset
select matches(pg_temp.trouble('past', null, :'ada'), 'are Wednesday the 1st of July at 10:45 am', 'what is nearest of whom they asked for');
create function pg_temp.days(p_day text, p_days text default null, p_clinic text default 'vapi-1') returns text language sql stable as $$
    select pg_temp.said(private.availability_of_days(pg_temp.call(p_clinic), row(p_day, null, null, null, null)::private.tool_wish,
    jsonb_build_object('number_of_days', p_days), '2026-07-01 16:00+00')) $$;
select is(pg_temp.days(d, n), want, concat_ws(' ', d, n))
from (values
    ('2026-07-02', null, 'yes: On Thursday the 2nd of July these times are free, among others: 9:00 am, 10:30 am, 11:45 am, 1:00 pm, 2:15 pm or 3:30 pm. Which one suits you?'),
    ('2026-07-04', null,
     'yes: There is nothing free on Saturday the 4th of July. The nearest free times are Friday the 3rd of July at 4:00 pm, 4:15 pm or 4:30 pm. Would one of those suit you?'),
    ('2026-07-04', '2', 'yes: There is nothing free in those days. The nearest free times are Friday the 3rd of July at 4:00 pm, 4:15 pm or 4:30 pm. Would one of those suit you?'),
    ('today', '1', 'yes: There is nothing free on Wednesday the 1st of July. The nearest free times are Thursday the 2nd of July at 9:00 am, 9:15 am or 9:30 am. Would one of those suit you?'),
    ('2026-06-30', null, 'no: That time has already passed. The nearest free times are Thursday the 2nd of July at 9:00 am, 9:15 am or 9:30 am. Would one of those suit you?'),
    ('soonish', null, 'no: I did not catch that date and time. Which day and what time would you like?')) as v (d, n, want);
select matches(pg_temp.days('2026-07-03', '2 or so'), '^yes: These times are free, among others: Friday the 3rd of July at 9:00 am, [^F]*\.', 'so many days as are asked for');
select is(pg_temp.days('2026-07-04', n), pg_temp.days('2026-07-04', m), format('%s days are %s', n, m))
from (values ('0', '1'), ('-2', '1'), ('many', '1'), ('99', '14'), ('1000000', '14')) as v (n, m);
insert into public.closures (org_id, starts_on, ends_on) values (:'org', '2026-07-02', '2026-07-15');
select matches(pg_temp.days('2026-07-02', '99'), '^yes: There is nothing free in those days\.', 'nothing is looked for beyond a fortnight');
select matches(pg_temp.days('2026-07-03', '99'), '^yes: These times are free, among others: Thursday the 16th of July at 9:00 am', 'but as far as that');
delete from public.closures where org_id = :'org';
update public.opening_hours set closes = '09:45' where org_id = :'org';
select is(pg_temp.days('2026-07-02'), 'yes: On Thursday the 2nd of July these times are free: 9:00 am or 9:15 am. Which one suits you?', 'of a few times all are said');
select is(pg_temp.days('2026-07-02', '2'),
    'yes: These times are free: Thursday the 2nd of July at 9:00 am, 9:15 am, Friday the 3rd of July at 9:00 am or 9:15 am. Which one suits you?', 'on several days each with its day');

-- Nobody takes over.
update public.agents set voicemail_message = E' Please leave\na message. ' where org_id = :'org';
update public.agents set voicemail_message = ' ' where org_id = :'other';
select is(private.instead_of_transfer(pg_temp.call(v), f), want, concat_ws(' ', v, f, 'is told', want))
from (values ('vapi-1', 'voicemail', 'Please leave a message.'), ('vapi-1', 'message', private.say('nobody_free', 'en')), ('vapi-1', null, private.say('nobody_free', 'en')),
    ('vapi-2', 'voicemail', private.say('nobody_free', 'de'))) as v (v, f, want);
update public.agents set voicemail_message = repeat('Please. ', 100) where org_id = :'org';
select cmp_ok(length(private.instead_of_transfer(pg_temp.call(), 'voicemail')), '<=', 500, 'in no more than one breath');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(70);

select tests.org() as org, tests.org('Other') as other, tests.org('Team') as team \gset
insert into public.contacts (org_id, phone, first_name) values (:'org', '+447700900001', 'Ada') returning id as ada \gset
insert into public.contacts (org_id, phone, first_name) values (:'org', '+447700900002', 'Bea') returning id as bea \gset
insert into public.contacts (org_id, phone) values (:'other', '+447700900001') returning id as theirs \gset
insert into public.calls (org_id, call_direction, vapi_call_id) values (:'org', 'inbound', 'vapi-1') returning id as call \gset
insert into public.calls (org_id, call_direction) values (:'org', 'inbound') returning id as later \gset
insert into public.calls (org_id, call_direction) values (:'other', 'inbound') returning id as their_call \gset
select id as botox from public.services where org_id = :'org' and name = 'Botox' \gset
select id as fillers from public.services where org_id = :'org' and name = 'Fillers' \gset
select id as their_botox from public.services where org_id = :'other' and name = 'Botox' \gset
update public.services set duration_minutes = 45, buffer_minutes = 15 where org_id = :'org' and id = :'botox';
create function pg_temp.book(
    p_org uuid, p_contact uuid, p_at timestamptz, p_call uuid default null, p_service uuid default null, p_key text default null,
    p_another boolean default false, p_practitioner uuid default null, p_now timestamptz default '2026-06-01 06:00+00')
returns private.booking language sql as $$
    select private.book_appointment(p_org, p_contact, p_at, p_service, p_practitioner, p_call, null, null, p_key, p_now, p_another) $$;
create function pg_temp.live(p_org uuid, p_contact uuid) returns text[] language sql as $$
    select coalesce(array_agg(to_char(a.scheduled_at at time zone 'Europe/London', 'DD.MM. HH24:MI') order by a.scheduled_at), '{}')
    from public.appointments a where a.org_id = p_org and a.contact_id is not distinct from p_contact and a.status in ('scheduled', 'confirmed') $$;
create function pg_temp.offered(p_booking private.booking) returns text[] language sql as $$
    select coalesce(array_agg(to_char(s.starts_at at time zone 'Europe/London', 'DD.MM. HH24:MI') order by n), '{}')
    from unnest(p_booking.alternatives) with ordinality as s (starts_at, e, p, pn, n) $$;

-- A booking.
select (b).outcome, (b).alternatives, to_jsonb((b).appointment) as appointment, ((b).appointment).id
from (select private.book_appointment(:'org', :'ada', '2026-06-09 09:00+00', :'botox', null, :'call', null, '  Afraid of needles ', 'key-1', '2026-06-01 06:00+00') as b) as x \gset first_
select is(:'first_outcome'::text, 'booked', 'a free time is booked');
select is(:'first_alternatives'::text, '{}', 'nothing else is offered then');
select is(:'first_appointment'::jsonb - 'id', jsonb_build_object(
    'org_id', :'org', 'contact_id', :'ada', 'practitioner_id', null, 'resource_id', :'org', 'service_id', :'botox', 'title', 'Botox', 'description', null,
    'scheduled_at', '2026-06-09T09:00:00+00:00', 'duration_minutes', 45, 'buffer_minutes', 15, 'busy_until', '2026-06-09T10:00:00+00:00', 'status', 'scheduled',
    'location', null, 'notes', 'Afraid of needles', 'confirmation_sent', false, 'reminder_sent_at', null, 'call_id', :'call', 'vapi_call_id', 'vapi-1',
    'calendar_event_id', null, 'calendar_status', null, 'idempotency_key', 'key-1', 'created_at', '2026-06-01T06:00:00+00:00', 'updated_at', '2026-06-01T06:00:00+00:00'),
    'with all that is known of it');
select is(appointment_id, :'first_id', 'its call names it') from public.calls where org_id = :'org' and id = :'call';
select is(lead_status, 'booked', 'its contact is booked') from public.contacts where org_id = :'org' and id = :'ada';
select is(lead_status, 'new', 'and nobody else') from public.contacts where org_id = :'org' and id = :'bea';
select is(payload, jsonb_build_object('id', :'first_id', 'scheduled_at', '2026-06-09T09:00:00+00:00', 'status', 'scheduled', 'contact_id', :'ada', 'practitioner_id', null,
    'service_id', :'botox', 'call_id', :'call'), 'open screens hear of it') from private.events where org_id = :'org' and kind = 'appointment.booked';
select is(count(*), 1::bigint, 'and it is on record') from public.audit_logs where org_id = :'org' and table_name = 'appointments' and row_id = :'first_id' and action = 'insert';

-- Asked again.
select is(pg_temp.book(:'org', :'ada', '2026-06-09 09:00+00', :'call', :'botox', k), ('already', a, '{}')::private.booking, 'the same booking asked again in a call is one appointment: ' || coalesce(k, 'without a key'))
from public.appointments a, unnest(array['key-1', 'key-2', null]) as k where a.org_id = :'org' and a.id = :'first_id';
select is((pg_temp.book(:'org', :'ada', '2026-06-09 09:00+00', :'call', null, null, true)).outcome, 'already', 'nobody has two at one time');
select is((pg_temp.book(:'org', :'ada', '2026-06-09 09:00+00', :'later', :'botox')).outcome, 'already', 'nor by ringing again');
select is(appointment_id, null, 'which booked nothing') from public.calls where org_id = :'org' and id = :'later';
select is(((pg_temp.book(:'org', :'ada', '2026-06-10 09:00+00', null, null, 'key-1')).appointment).id, :'first_id', 'a key answers with what it was used for');
select tests.throws_code(format('select private.book_appointment(%L, %L, now() + interval ''1 day'', p_idempotency_key => ''key-1'')', :'org', :'bea'), 'idempotency_key_reused', 'and is nobody else''s');
select is((pg_temp.book(:'org', :'ada', '2026-06-09 09:00+00', :'call', :'botox', 'key-1', p_now => '2026-07-01')).outcome, 'already', 'even when it is over');
select is(pg_temp.live(:'org', :'ada'), '{"09.06. 10:00"}', 'there is one');
select is(count(*), 1::bigint, 'told of once') from private.events where org_id = :'org' and kind like 'appointment.%';

-- Somebody else.
select is((pg_temp.book(:'org', :'bea', at)).outcome, 'taken', format('two people never get one slot: %s', at))
from unnest(array['2026-06-09 09:00+00', '2026-06-09 08:31+00', '2026-06-09 09:59+00']::timestamptz[]) as at;
select is(pg_temp.offered(pg_temp.book(:'org', :'bea', '2026-06-09 09:00+00')), '{"09.06. 09:00","09.06. 09:15","09.06. 09:30"}', 'the three nearest free slots are offered');
select is((pg_temp.book(:'org', :'bea', '2026-06-09 08:15+00', null, :'botox')).outcome, 'taken', 'what is kept free behind a visit must be free');
select is(((pg_temp.book(:'org', :'bea', '2026-06-09 09:00+00')).appointment).id, null, 'nothing is booked then');
select is((select lead_status from public.contacts where org_id = :'org' and id = :'bea'), 'new', 'and nobody');
select is((pg_temp.book(:'org', :'bea', '2026-06-09 08:30+00')).outcome, 'booked', 'up to the minute before');
select is((pg_temp.book(:'org', null, '2026-06-09 10:00+00')).outcome, 'booked', 'and from the minute behind, for whoever withholds their number');
select throws_ok($$ insert into public.appointments (org_id, title, scheduled_at, busy_until) select a.org_id, 'x', a.scheduled_at, a.scheduled_at + interval '30 minutes' from public.appointments a where a.idempotency_key = 'key-1' $$, '23P01', null, 'whoever writes');

-- When nobody is there.
select is((pg_temp.book(:'org', :'bea', at)).outcome, o, format('%s: %s', o, at))
from (values (timestamptz '2026-06-13 09:00+00', 'closed'), ('2026-06-09 07:59+00', 'closed'), ('2026-06-09 15:31+00', 'closed'), ('2026-06-01 06:00+00', 'past'), ('2025-06-09 09:00+00', 'past'),
             ('-infinity', 'past'), ('2027-07-07 09:00+00', 'closed'), ('infinity', 'closed'), (null, 'closed')) as t (at, o);
select is(pg_temp.offered(pg_temp.book(:'org', :'bea', '2026-06-13 09:00+00')), '{"12.06. 16:00","12.06. 16:15","12.06. 16:30"}', 'with what is nearest to it');
select is(pg_temp.offered(pg_temp.book(:'org', :'bea', '2020-06-13 09:00+00')), '{"01.06. 09:00","01.06. 09:15","01.06. 09:30"}', 'of the past what is next');
select is(pg_temp.live(:'org', :'bea'), '{"09.06. 09:30"}', 'nothing came of it');

-- Thinking better of it.
select pg_temp.book(:'org', :'ada', '2026-06-10 08:00+00', :'call') as moved \gset
select is((:'moved'::private.booking).outcome, 'booked', 'who asks for another time in the same call');
select is(((:'moved'::private.booking).appointment).id, :'first_id', 'moves what they have booked in it');
select is(pg_temp.live(:'org', :'ada'), '{"10.06. 09:00"}', 'and has one appointment, not two');
select is((service_id, title, duration_minutes, notes, idempotency_key)::text, format('(%s,Botox,45,"Afraid of needles",key-1)', :'botox'), 'for what it was for') from public.appointments where org_id = :'org' and id = :'first_id';
select is((pg_temp.book(:'org', :'bea', '2026-06-09 09:00+00', null, :'fillers')).outcome, 'booked', 'the old time is free');
select is((x.b).outcome || ' ' || ((x.b).appointment).id, 'taken ' || :'first_id', 'a time that is taken leaves it where it is') from (select pg_temp.book(:'org', :'ada', '2026-06-09 09:00+00', :'call', :'botox') as b) as x;
select is((pg_temp.book(:'org', :'ada', '2026-06-13 09:00+00', :'call', :'botox')).outcome, 'closed', 'one at which nobody is there, too');
select is(pg_temp.live(:'org', :'ada'), '{"10.06. 09:00"}', 'there it is');
select is((pg_temp.book(:'org', :'ada', '2026-06-10 08:15+00', :'call', :'botox')).outcome, 'booked', 'it does not stand in its own way');
select is((pg_temp.book(:'org', :'ada', '2026-06-10 11:00+00', :'call', :'fillers')).outcome, 'booked', 'another service is another appointment');
select is((pg_temp.book(:'org', :'ada', '2026-06-11 11:00+00', :'call', :'fillers', null, true)).outcome, 'booked', 'and so is one more, if they say so');
select is(pg_temp.live(:'org', :'ada'), '{"10.06. 09:15","10.06. 12:00","11.06. 12:00"}', 'then there are three');
select is((pg_temp.book(:'org', :'ada', '2026-06-12 11:00+00', :'later', :'fillers')).outcome, 'booked', 'another call books another');
select is(cardinality(pg_temp.live(:'org', :'ada')), 4, 'and moves nothing');
select is((pg_temp.book(:'org', :'ada', '2026-06-15 11:00+00', null, :'fillers')).outcome, 'booked', 'the desk, too');
select is(count(*), 2::bigint, 'each move is told of') from private.events where org_id = :'org' and kind = 'appointment.moved';
select is(array_agg(before ->> 'scheduled_at' order by before ->> 'scheduled_at'), '{2026-06-09T09:00:00+00:00,2026-06-10T08:00:00+00:00}', 'and where it was is on record') from public.audit_logs where org_id = :'org' and row_id = :'first_id' and action = 'update';

-- With whom.
insert into public.practitioners (org_id, id, name) values (:'team', '00000000-0000-4000-8000-00000000000a', 'Ada'), (:'team', '00000000-0000-4000-8000-00000000000b', 'Bea');
insert into public.calls (org_id, call_direction) values (:'team', 'inbound') returning id as team_call \gset
create function pg_temp.whom(p_booking private.booking) returns text language sql as $$
    select coalesce((select p.name from public.practitioners p where p.id = ((p_booking).appointment).practitioner_id), (p_booking).outcome) $$;
select is(pg_temp.whom(pg_temp.book(:'team', null, '2026-06-09 09:00+00')), 'Ada', 'of two who are free the first by id');
select is(pg_temp.whom(pg_temp.book(:'team', null, '2026-06-09 09:00+00')), 'Bea', 'then the other');
select is(pg_temp.whom(pg_temp.book(:'team', null, '2026-06-09 09:00+00')), 'taken', 'then nobody');
select is(pg_temp.whom(pg_temp.book(:'team', null, '2026-06-09 10:00+00', p_practitioner => '00000000-0000-4000-8000-00000000000a')), 'Ada', 'or who is asked for');
select is(pg_temp.whom(pg_temp.book(:'team', null, '2026-06-09 12:00+00')), 'Bea', 'who is busy less on the day comes first');
select is(pg_temp.whom(pg_temp.book(:'team', null, '2026-06-09 12:00+00', p_practitioner => '00000000-0000-4000-8000-00000000000b')), 'taken', 'who is asked for may be busy, though another is free');
select is(pg_temp.whom(pg_temp.book(:'team', null, '2026-06-10 12:00+00', :'team_call', p_practitioner => '00000000-0000-4000-8000-00000000000b')), 'Bea', 'who has thought better of it');
select is(pg_temp.whom(pg_temp.book(:'team', null, '2026-06-10 13:00+00', :'team_call')), 'Bea', 'stays with whom they were');

-- Whose it is.
select tests.throws_code(format('select private.book_appointment(%L, %s, ''2026-06-09 09:00+00'', %s, %s, %s, p_now => ''2026-06-01'')', :'org', c, s, p, k), code, 'another organisation''s is not there: ' || code)
from (values (quote_literal(:'theirs'), 'null', 'null', 'null', 'contact_not_found'), ('null', quote_literal(:'their_botox'), 'null', 'null', 'service_not_found'),
             ('null', 'null', '''00000000-0000-4000-8000-00000000000a''', 'null', 'practitioner_not_found'), ('null', 'null', 'null', quote_literal(:'their_call'), 'call_not_found')) as t (c, s, p, k, code);

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(37);

select tests.org() as org, tests.org('Other') as other, tests.org('Team') as team \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900001') returning id as ada \gset
select id as botox from public.services where org_id = :'org' and name = 'Botox' \gset
update public.services set duration_minutes = 45, buffer_minutes = 15 where org_id = :'org' and id = :'botox';
select tests.booked(:'org', '2026-06-09 09:00+00', :'ada', null, :'botox') as id, tests.booked(:'org', '2026-06-09 12:00+00') as busy \gset
update public.appointments set status = 'confirmed', confirmation_sent = true, reminder_sent_at = '2026-06-01' where org_id = :'org' and id = :'id';
create function pg_temp.move(p_org uuid, p_id uuid, p_at timestamptz, p_now timestamptz default '2026-06-01 06:00+00') returns private.booking language sql as $$
    select private.reschedule_appointment(p_org, p_id, p_at, p_now) $$;

select is((pg_temp.move(:'org', :'id', '2026-06-09 09:00+00')).outcome, 'already', 'a time it has already');
select is((status, confirmation_sent)::text, '(confirmed,t)', 'changes nothing') from public.appointments where org_id = :'org' and id = :'id';
select pg_temp.move(:'org', :'id', at) as b, outcome
from (values (timestamptz '2026-06-09 12:00+00', 'taken')) as t (at, outcome) \gset
select is((:'b'::private.booking).outcome, 'taken', 'a time that somebody has');
select is(((:'b'::private.booking).appointment).scheduled_at, '2026-06-09 09:00+00', 'leaves it where it is');
select is((select array_agg(starts_at at time zone 'UTC' order by starts_at) from unnest((:'b'::private.booking).alternatives)), '{2026-06-09 11:00,2026-06-09 12:30,2026-06-09 12:45}'::timestamp[], 'and offers the nearest');
select is((pg_temp.move(:'org', :'id', at)).outcome, o, o || ' is a time, too: ' || at)
from (values (timestamptz '2026-06-13 09:00+00', 'closed'), ('2026-06-09 15:30+00', 'closed'), ('2026-06-01 06:00+00', 'past'), ('2028-06-09 09:00+00', 'closed')) as t (at, o);
select pg_temp.move(:'org', :'id', '2026-06-09 09:15+00') as b \gset
select is((:'b'::private.booking).outcome, 'booked', 'a free time is booked, its own not in its way');
select is((id, contact_id, service_id, duration_minutes, buffer_minutes, scheduled_at at time zone 'UTC', busy_until at time zone 'UTC')::text,
    format('(%s,%s,%s,45,15,"2026-06-09 09:15:00","2026-06-09 10:15:00")', :'id', :'ada', :'botox'), 'it is the same appointment, as long as before') from public.appointments where org_id = :'org' and id = :'id';
select is((status, confirmation_sent, reminder_sent_at)::text, '(scheduled,f,)', 'what was sent spoke of the old time') from public.appointments where org_id = :'org' and id = :'id';
select is((pg_temp.move(:'org', :'id', '2026-06-09 09:15+00')).outcome, 'already', 'asked again it is there');
select is(count(*), 1::bigint, 'told of once') from private.events where org_id = :'org' and kind = 'appointment.moved';
select is((before ->> 'scheduled_at', after ->> 'scheduled_at')::text, '(2026-06-09T09:00:00+00:00,2026-06-09T09:15:00+00:00)', 'and where it was is on record')
from public.audit_logs where org_id = :'org' and row_id = :'id' and after ? 'scheduled_at' and action = 'update';
select is((private.book_appointment(:'org', null, '2026-06-09 08:30+00', p_now => '2026-06-01')).outcome, 'booked', 'the old slot is free');

-- What cannot be moved.
select tests.throws_code(format('select private.reschedule_appointment(%L, %L, ''2026-06-10 09:00+00'', ''2026-06-09 09:15+00'')', :'org', :'id'), 'appointment_over', 'one whose time has come');
select private.cancel_appointment(:'org', :'busy', '2026-06-01') \gset
select tests.throws_code(format('select private.reschedule_appointment(%L, %L, ''2026-06-10 09:00+00'', ''2026-06-01'')', :'org', :'busy'), 'appointment_over', 'a cancelled one');
select is((pg_temp.move(:'org', :'id', '2026-06-09 12:00+00')).outcome, 'booked', 'its slot is free, though');
select tests.throws_code(format('select private.reschedule_appointment(%L, %L, ''2026-06-10 09:00+00'', ''2026-06-01'')', :'other', i), 'appointment_not_found', 'another organisation''s is not there')
from unnest(array[:'id', gen_random_uuid()::text, null]) as i;

-- With whom.
insert into public.practitioners (org_id, id, name) values (:'team', '00000000-0000-4000-8000-00000000000a', 'Ada'), (:'team', '00000000-0000-4000-8000-00000000000b', 'Bea');
select tests.booked(:'team', '2026-06-09 09:00+00', p_practitioner => '00000000-0000-4000-8000-00000000000a') as with_ada,
       tests.booked(:'team', '2026-06-09 10:00+00', p_practitioner => '00000000-0000-4000-8000-00000000000b') as with_bea \gset
create function pg_temp.whom(p_booking private.booking) returns text language sql as $$
    select p_booking.outcome || ' ' || coalesce((select p.name from public.practitioners p where p.id = ((p_booking).appointment).practitioner_id), 'nobody') $$;
select is(pg_temp.whom(pg_temp.move(:'team', :'with_bea', '2026-06-09 11:00+00')), 'booked Bea', 'it stays with whoever has it');
select tests.booked(:'team', '2026-06-09 12:00+00', p_practitioner => '00000000-0000-4000-8000-00000000000b') \gset
select is(pg_temp.whom(pg_temp.move(:'team', :'with_bea', '2026-06-09 12:00+00')), 'taken Bea', 'though another is free');
update public.practitioners set is_active = false where org_id = :'team' and name = 'Bea';
select is(pg_temp.whom(pg_temp.move(:'team', :'with_bea', '2026-06-09 12:00+00')), 'booked Ada', 'until that one sees nobody any more');
select is(pg_temp.whom(pg_temp.move(:'team', :'with_ada', '2026-06-09 12:00+00')), 'taken Ada', 'and then that is who is busy');

select tests.booked(:'other', '2026-06-09 09:00+00') as early, tests.booked(:'other', '2026-06-09 10:00+00') as second \gset
insert into public.practitioners (org_id, id, name) values (:'other', '00000000-0000-4000-8000-00000000000c', 'Cleo');
select is(pg_temp.whom(pg_temp.move(:'other', :'early', '2026-06-09 10:00+00')), 'taken nobody', 'an appointment with nobody in particular is in everybody''s way');
select is(pg_temp.whom(pg_temp.move(:'other', :'early', '2026-06-09 11:00+00')), 'booked Cleo', 'moved, it is somebody''s, once there is anybody');

-- Cancelled.
select private.cancel_appointment(:'org', :'id', '2026-06-02') as b \gset
select is((:'b'::private.booking).outcome || ' ' || ((:'b'::private.booking).appointment).status, 'cancelled cancelled', 'an appointment can be cancelled');
select is((private.cancel_appointment(:'org', :'id', '2026-06-03')).outcome, 'already', 'once');
select is(updated_at, '2026-06-02 00:00+00', 'the first time counts') from public.appointments where org_id = :'org' and id = :'id';
select is(count(*), 1::bigint, 'and is told of') from private.events where org_id = :'org' and kind = 'appointment.cancelled' and payload ->> 'id' = :'id';
select is((before ->> 'status', after ->> 'status')::text, '(scheduled,cancelled)', 'and on record') from public.audit_logs where org_id = :'org' and row_id = :'id' and after ->> 'status' = 'cancelled';
select is((private.book_appointment(:'org', null, '2026-06-09 12:00+00', p_now => '2026-06-01')).outcome, 'booked', 'its slot is free');
update public.appointments set status = 'completed' where org_id = :'team' and id = :'with_ada';
select tests.throws_code(format('select private.cancel_appointment(%L, %L)', :'team', :'with_ada'), 'appointment_over', 'what has taken place cannot be cancelled');
select tests.throws_code(format('select private.cancel_appointment(%L, %L)', :'other', i), 'appointment_not_found', 'nor what is another organisation''s') from unnest(array[:'id', null]) as i;

select * from finish();
rollback;

-- A caller cancels an appointment that is theirs, and asked again hears the same.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(14);

select tests.org() as org \gset
insert into public.contacts (org_id, phone, first_name, last_name) values (:'org', '+447700900123', 'Ada', 'Byron') returning id as ada \gset
insert into public.contacts (org_id, phone, first_name, last_name) values (:'org', '+447700900200', 'Max', 'Byron') returning id as max \gset
select tests.in_call(:'org') as call, tests.in_call(:'org', 'vapi-2', '+447700900999') as stranger \gset
select tests.booked(:'org', '2026-08-04 13:30+00', :'ada') as one, tests.booked(:'org', '2026-08-04 15:00+00', :'ada') as two, tests.booked(:'org', '2026-08-06 13:30+00', :'max') as maxs \gset
create function pg_temp.cancel(p_call uuid, p_arguments text default '{}') returns text language sql as $$ select tests.told(p_call, 'cancelAppointment', p_arguments::jsonb) $$;
create function pg_temp.live(p_org uuid) returns bigint language sql as $$ select count(*) from public.appointments where org_id = p_org and status = 'scheduled' $$;

select is(pg_temp.cancel(:'stranger', m), private.say('ask_appointment', 'en'), 'nothing is told by ' || m)
from unnest(array['{}', '{"name": "Max Byron"}', '{"date": "2026-08-06"}', '{"name": "Ada Byron", "date": "2026-08-06"}', format('{"appointmentId": "%s"}', :'maxs')]) as m;
select is(pg_temp.live(:'org'), 3::bigint, 'and nothing is cancelled');
select is(pg_temp.cancel(:'call'), 'You have several appointments: Tuesday the 4th of August at 2:30 pm or 4:00 pm. Which one do you mean?', 'of several, which is asked');
select is(pg_temp.cancel(:'call', '{"date": "2026-08-04", "time": "16:00"}'), 'Your appointment for Tuesday the 4th of August at 4:00 pm is cancelled.', 'the time says it');
select is((select status from public.appointments where id = :'two'), 'cancelled', 'that one is cancelled');
select is(pg_temp.cancel(:'call', '{"date": "2026-08-04"}'), 'Your appointment for Tuesday the 4th of August at 2:30 pm is cancelled.', 'the one that is left');
select is(pg_temp.cancel(:'call', '{"date": "2026-08-04"}'), 'Your appointment for Tuesday the 4th of August at 2:30 pm is cancelled.', 'asked again in the same call, it is cancelled');
select is(pg_temp.cancel(:'call', '{"date": "2026-08-06"}'), private.say('ask_appointment', 'en'), 'another is not found');
select is(pg_temp.cancel(:'stranger', '{"name": "Byron, Max", "date": "2026-08-06"}'), 'Your appointment for Thursday the 6th of August at 2:30 pm is cancelled.', 'name and day that both match do');
select is(pg_temp.live(:'org'), 0::bigint, 'all are cancelled');

select * from finish();
rollback;

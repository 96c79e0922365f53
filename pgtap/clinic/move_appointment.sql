-- An appointment goes to another time whole, or stays as it is and the nearest free times are offered.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(48);

select tests.org() as org, tests.org('Other') as other, tests.org('Team') as team \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900001') returning id as ada \gset
select id as botox from public.services where org_id = :'org' and name = 'Botox' \gset
select id as fillers from public.services where org_id = :'org' and name = 'Fillers' \gset
update public.services set duration_minutes = 45, buffer_minutes = 15 where org_id = :'org' and id = :'botox';
create function pg_temp.shown(p_slots private.free_slot[]) returns text[] language sql as $$
    select coalesce(array_agg(to_char(s.starts_at at time zone 'Europe/London', 'DD.MM. HH24:MI') order by n), '{}')
    from unnest(p_slots) with ordinality as s (starts_at, e, p, pn, n) $$;
create function pg_temp.near(p_org uuid, p_at timestamptz, p_count integer, p_minutes integer default 30) returns text[] language sql as $$
    select pg_temp.shown(array(select f from private.nearest_free((p_org, null, p_minutes, 0, null)::private.visit, p_at, p_count,
        '2026-06-01 06:00+00') as f)) $$;

-- The nearest free times, at a clinic that is open from nine to five.
select is(pg_temp.near(:'org', '2026-06-09 11:00+00', 3), '{"09.06. 11:45","09.06. 12:00","09.06. 12:15"}',
    'the nearest are before and behind, in the order of time');
select is(pg_temp.near(:'org', '2026-06-09 11:00+00', 2), '{"09.06. 11:45","09.06. 12:00"}', 'of two that are equally near the earlier one');
select is(pg_temp.near(:'org', at, 1), array[e], 'nearest to ' || at)
from (values (timestamptz '2026-06-09 11:07+00', '09.06. 12:00'), ('2026-06-09 11:08+00', '09.06. 12:15'),
    ('2026-06-09 11:07:30+00', '09.06. 12:00'), ('2026-06-13 09:00+00', '12.06. 16:30'), ('2026-06-14 20:00+00', '15.06. 09:00'),
    ('2026-05-20 09:00+00', '01.06. 09:00'), ('-infinity', '01.06. 09:00'), (null, '01.06. 09:00'), ('infinity', '05.07. 16:30')) as t (at, e);
select is(pg_temp.near(:'org', '2026-06-12 16:00+00', 2, 60), '{"12.06. 15:45","12.06. 16:00"}', 'as long as the visit is');
select is(pg_temp.near(:'org', '2026-06-09 11:00+00', 0), '{}', 'none when none are wanted');
insert into public.closures (org_id, starts_on, ends_on) values (:'other', '2026-06-10', '2026-06-29'), (:'other', '2026-07-01', '2027-02-28');
select is(pg_temp.near(:'other', at, 1), array[e], 'however far: ' || at)
from (values (timestamptz '2026-06-20 12:00+00', '30.06. 09:00'), ('2026-08-20 12:00+00', '30.06. 16:30'),
    ('2026-10-20 12:00+00', '30.06. 16:30'), ('2026-10-31 12:00+00', '01.03. 09:00')) as t (at, e);
insert into public.opening_hours (org_id, weekday, opens, closes) values (:'other', 2, '09:00', '09:45');
select is(pg_temp.near(:'other', '2026-06-02 08:00+00', 5), '{"02.06. 09:00","02.06. 09:15","09.06. 09:00","09.06. 09:15","30.06. 09:00"}',
    'further away, until there are enough');

-- A wish that cannot be met.
select tests.booked(:'org', '2026-06-09 09:00+00', :'ada', null, :'botox') as id \gset
select private.not_booked('closed', (:'org', null, 30, 0, null)::private.visit, '2026-06-13 09:00+00', a, '2026-06-01 06:00+00') as no
from public.appointments a where a.org_id = :'org' and a.id = :'id' \gset
select is((:'no'::private.booking).outcome || ' ' || ((:'no'::private.booking).appointment).id, 'closed ' || :'id', 'why not, and what stays as it is');
select is(pg_temp.shown((:'no'::private.booking).alternatives), '{"12.06. 16:00","12.06. 16:15","12.06. 16:30"}', 'with the three nearest times');
insert into public.practitioners (org_id, name, is_active) values (:'team', 'Gone', false) returning id as gone \gset
select is(private.not_booked('closed', (:'team', null, 30, 0, null)::private.visit, '2026-06-09 09:00+00', null, '2026-06-01'),
    ('closed', null, '{}')::private.booking, 'or none, where nobody sees anybody');

-- Moved.
create function pg_temp.move(p_org uuid, p_id uuid, p_at timestamptz, p_minutes integer default 30, p_in_the_way boolean default false,
    p_practitioner uuid default null)
returns private.booking language plpgsql as $$
declare
    v_wish public.appointments;
begin
    select * into strict v_wish from public.appointments a where a.org_id = p_org and a.id = p_id;
    v_wish.title := 'Anew';
    v_wish.notes := 'In a hurry';
    v_wish.service_id := null;
    return private.move_appointment(v_wish, (p_org, p_practitioner, p_minutes, 5, case when not p_in_the_way then p_id end)::private.visit, p_at,
        '2026-06-01 06:00+00');
end $$;
create function pg_temp.kept(p_id uuid) returns text language sql as $$
    select row(a.title, a.notes, a.status, a.scheduled_at, a.duration_minutes, a.buffer_minutes, a.busy_until, a.confirmation_sent,
        a.reminder_sent_at)::text
    from public.appointments a where a.id = p_id $$;
update public.appointments set status = 'confirmed', confirmation_sent = true, reminder_sent_at = '2026-06-01', idempotency_key = 'key-1' where id = :'id';
select pg_temp.kept(:'id') as before, tests.booked(:'org', '2026-06-09 13:00+00') as busy \gset
select is((pg_temp.move(:'org', :'id', at)).outcome, o, format('%s cannot be had: %s', at, o))
from (values (timestamptz '2026-06-09 13:00+00', 'taken'), ('2026-06-09 12:26+00', 'taken'), ('2026-06-13 09:00+00', 'closed'),
    ('2026-06-01 06:00+00', 'past')) as t (at, o);
select is((pg_temp.move(:'org', :'id', '2026-06-09 09:15+00', p_in_the_way => true)).outcome, 'taken',
    'nor the time it has itself, unless it is the one that moves');
select is(pg_temp.kept(:'id'), :'before', 'it stays as it is');
select is((pg_temp.move(:'org', :'id', '2026-06-09 13:00+00')).appointment, a, 'and is told as it stays, whatever was wished for')
from public.appointments a where a.id = :'id';
select is(pg_temp.shown((pg_temp.move(:'org', :'id', '2026-06-09 13:00+00')).alternatives), '{"09.06. 13:15","09.06. 14:30","09.06. 14:45"}',
    'with the nearest times');
select is((select count(*) from private.events where org_id = :'org' and kind = 'appointment.moved'), 0::bigint, 'and nobody hears of it');
select pg_temp.move(:'org', :'id', '2026-06-09 09:15+00') as moved \gset
select is((:'moved'::private.booking).outcome || (:'moved'::private.booking).alternatives::text, 'booked{}', 'a free time is had, its own not in its way');
select is(pg_temp.kept(:'id'), '(Anew,"In a hurry",scheduled,"2026-06-09 09:15:00+00",30,5,"2026-06-09 09:50:00+00",f,)',
    'as long as the visit, with what is written beside it; what was sent is due anew');
select is((:'moved'::private.booking).appointment, a, 'it is answered as it is now') from public.appointments a where a.id = :'id';
select is(row(contact_id, service_id, idempotency_key, updated_at)::text, format('(%s,,key-1,"2026-06-01 06:00:00+00")', :'ada'),
    'the same appointment') from public.appointments where id = :'id';
select is((select array_agg(payload ->> 'scheduled_at') from private.events where org_id = :'org' and kind = 'appointment.moved'),
    '{2026-06-09T09:15:00+00:00}', 'which open screens hear of');
select is((pg_temp.move(:'org', :'busy', '2026-06-09 09:50+00')).outcome, 'booked', 'the time behind it is free');
select count(*) as locks from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() \gset
select is((pg_temp.move(:'org', :'busy', '2026-06-23 09:00+00')).outcome, 'booked', 'another day is had');
select is(count(*) - :locks, 1::bigint, 'and locked') from pg_locks where locktype = 'advisory' and pid = pg_backend_pid();

-- With whom.
insert into public.practitioners (org_id, id, name) values (:'team', '00000000-0000-4000-8000-00000000000a', 'Ada'),
    (:'team', '00000000-0000-4000-8000-00000000000b', 'Bea');
select tests.booked(:'team', '2026-06-09 09:00+00', p_practitioner => '00000000-0000-4000-8000-00000000000b') as with_bea \gset
create function pg_temp.whom(p_booking private.booking) returns text language sql as $$
    select concat_ws(' ', p_booking.outcome, (select p.name from public.practitioners p where p.id = ((p_booking).appointment).practitioner_id)) $$;
select is(pg_temp.whom(pg_temp.move(:'team', :'with_bea', '2026-06-09 10:00+00')), 'booked Bea', 'for whoever is free it stays with whom it was');
select is(pg_temp.whom(pg_temp.move(:'team', :'with_bea', '2026-06-09 11:00+00', p_practitioner => '00000000-0000-4000-8000-00000000000a')),
    'booked Ada', 'or goes to who is asked for');

-- Who thinks better of it.
create function pg_temp.better(p_id uuid, p_at timestamptz, p_service uuid default null, p_title text default null, p_notes text default null,
    p_practitioner uuid default null)
returns private.booking language plpgsql as $$
declare
    v_appointment public.appointments;
    v_wish public.appointments;
begin
    select * into strict v_appointment from public.appointments a where a.id = p_id;
    v_wish.scheduled_at := p_at;
    v_wish.service_id := p_service;
    v_wish.title := p_title;
    v_wish.notes := p_notes;
    return private.think_better(v_appointment, v_wish, (v_appointment.org_id, p_practitioner, 30, 0, null)::private.visit, '2026-06-01 06:00+00');
end $$;
create function pg_temp.is_now(p_id uuid) returns text language sql as $$
    select row(s.name, a.title, a.notes, a.duration_minutes, a.buffer_minutes, a.scheduled_at)::text
    from public.appointments a left join public.services s on s.org_id = a.org_id and s.id = a.service_id where a.id = p_id $$;
select tests.booked(:'org', '2026-06-16 09:00+00', :'ada', null, :'botox') as second \gset
update public.appointments set notes = 'Afraid' where id = :'second';
select is((pg_temp.better(:'second', '2026-06-16 09:30+00', null, 'Appointment')).outcome, 'booked', 'a caller thinks better of the time');
select is(pg_temp.is_now(:'second'), '(Botox,Botox,Afraid,45,15,"2026-06-16 09:30:00+00")', 'what they do not name anew stays');
select is((pg_temp.better(:'second', '2026-06-16 10:00+00', :'fillers', 'Fillers', 'Both lips')).outcome, 'booked', 'or of what it is for');
select is(pg_temp.is_now(:'second'), '(Fillers,Fillers,"Both lips",30,0,"2026-06-16 10:00:00+00")', 'what they name anew counts');
select pg_temp.better(:'second', '2026-06-20 10:00+00', :'botox', 'Botox', 'Never mind') as no \gset
select is((:'no'::private.booking).outcome || ' ' || ((:'no'::private.booking).appointment).title, 'closed Fillers',
    'a time that cannot be had leaves it as it is');
select is(pg_temp.is_now(:'second'), '(Fillers,Fillers,"Both lips",30,0,"2026-06-16 10:00:00+00")', 'in everything');
select is(pg_temp.whom(pg_temp.better(:'with_bea', '2026-06-09 12:00+00')), 'booked Ada', 'it stays with whom it is');
select is(pg_temp.whom(pg_temp.better(:'with_bea', '2026-06-09 13:00+00', p_practitioner => '00000000-0000-4000-8000-00000000000b')), 'booked Bea',
    'unless another is named');

select * from finish();
rollback;

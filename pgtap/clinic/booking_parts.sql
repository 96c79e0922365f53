-- What a booking is made of: the wish, its place in the diary, what follows from it, and who waits for whom.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(56);

select tests.org() as org, tests.org('Other') as other \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900001') returning id as ada \gset
insert into public.contacts (org_id, phone) values (:'org', '+447700900002') returning id as bea \gset
insert into public.contacts (org_id, phone) values (:'other', '+447700900001') returning id as theirs \gset
insert into public.calls (org_id, call_direction, vapi_call_id) values (:'org', 'inbound', 'vapi-1') returning id as call \gset
insert into public.calls (org_id, call_direction) values (:'org', 'inbound') returning id as later \gset
insert into public.calls (org_id, call_direction) values (:'other', 'inbound') returning id as their_call \gset
insert into public.practitioners (org_id, name) values (:'org', 'Cleo') returning id as cleo \gset
select id as botox from public.services where org_id = :'org' and name = 'Botox' \gset
select id as their_botox from public.services where org_id = :'other' and name = 'Botox' \gset

-- The caller and the call are held.
create function pg_temp.held(p_org uuid) returns text[] language sql as $$
    select array(select 'call ' || coalesce(c.vapi_call_id, '') from public.calls c where c.org_id = p_org and c.xmax::text <> '0'
                 union all select 'contact ' || c.phone from public.contacts c where c.org_id = p_org and c.xmax::text <> '0') $$;
select is((private.lock_booker(:'org', null, null)).id, null, 'who books without a call and for nobody holds nothing');
select is(pg_temp.held(:'org'), '{}', 'nothing at all');
select tests.throws_code(format('select private.lock_booker(%L, %L, %L)', :'org', c, :'ada'), 'call_not_found', 'a call that is not there')
from unnest(array[:'their_call', gen_random_uuid()::text]) as c;
select tests.throws_code(format('select private.lock_booker(%L, %L, %L)', :'org', :'call', c), 'contact_not_found', 'a contact that is not there')
from unnest(array[:'theirs', gen_random_uuid()::text]) as c;
select tests.throws_code(format('select private.lock_booker(%L, %L, %L)', :'org', :'their_call', :'theirs'), 'call_not_found',
    'the call is looked for first');
select is(private.lock_booker(:'org', :'call', null), c, 'it answers the call') from public.calls c where c.org_id = :'org' and c.id = :'call';
select is(pg_temp.held(:'org'), '{"call vapi-1"}', 'which is held');
select is((private.lock_booker(:'org', null, :'ada')).id, null, 'without a call it answers none');
select is(pg_temp.held(:'org'), '{"call vapi-1","contact +447700900001"}', 'and holds whom it is for');

-- A wish.
create function pg_temp.wish(p_org uuid, p_service uuid, p_title text, p_notes text default null) returns public.appointments language sql as $$
    select private.wished_appointment((p_org, null, 45, 15, null)::private.visit, null, '2026-06-09 09:00+00', p_service, null, p_title, p_notes) $$;
select is(jsonb_strip_nulls(to_jsonb(private.wished_appointment((:'org', :'cleo', 45, 15, null)::private.visit, :'ada', '2026-06-09 09:00+00',
    :'botox', c, null, 'Afraid'))),
    jsonb_build_object('org_id', :'org', 'contact_id', :'ada', 'service_id', :'botox', 'scheduled_at', '2026-06-09T09:00:00+00:00', 'duration_minutes', 45,
    'buffer_minutes', 15, 'call_id', :'call', 'vapi_call_id', 'vapi-1', 'title', 'Botox', 'notes', 'Afraid'),
    'a wish is what was said, with nobody found for it')
from public.calls c where c.org_id = :'org' and c.id = :'call';
select is((pg_temp.wish(:'org', s::uuid, t)).title, e, format('a wish for %s, called %L, is %s',
    case when s is null then 'no service' else 'a service' end, left(t, 12), left(e, 12)))
from (values (:'botox', null, 'Botox'), (:'botox', '  Lips ', 'Lips'), (:'botox', '   ', 'Botox'), (null, 'Lips', 'Lips'), (null, '', 'Appointment'),
    (:'their_botox', null, 'Appointment'), (null, repeat('x', 201), repeat('x', 200))) as v (s, t, e);
select is((pg_temp.wish(:'org', null, null, n)).notes, e, 'what is noted of it is as long as ' || coalesce(length(e)::text, 'nothing'))
from (values (null, null), ('  ', null), (' Needles ', 'Needles'), (repeat('x', 5001), repeat('x', 5000))) as v (n, e);

-- Its place in the diary.
create function pg_temp.enter(p_org uuid, p_at timestamptz, p_key text default null, p_practitioner uuid default null) returns uuid language plpgsql as $$
declare
    v_wish public.appointments := pg_temp.wish(p_org, null, 'Lips');
begin
    v_wish.scheduled_at := p_at;
    v_wish.idempotency_key := p_key;
    v_wish.practitioner_id := p_practitioner;
    return (private.enter_appointment(v_wish, '2026-06-01 06:00+00')).id;
end $$;
select pg_temp.enter(:'org', '2026-06-09 09:00+00', 'key-1') as first \gset
select is(row(title, status, scheduled_at, busy_until, duration_minutes, buffer_minutes, idempotency_key, created_at, updated_at)::text,
    '(Lips,scheduled,"2026-06-09 09:00:00+00","2026-06-09 10:00:00+00",45,15,key-1,"2026-06-01 06:00:00+00","2026-06-01 06:00:00+00")',
    'a wish takes its time and what is kept free behind it')
from public.appointments where org_id = :'org' and id = :'first';
select is(pg_temp.enter(:'org', at), null, 'a time that is taken is nobody else''s: ' || at)
from unnest(array['2026-06-09 09:00+00', '2026-06-09 08:01+00', '2026-06-09 09:59+00']::timestamptz[]) as at;
select isnt(pg_temp.enter(:'org', '2026-06-09 10:00+00'), null, 'the next one begins when it ends');
select isnt(pg_temp.enter(:'org', '2026-06-09 09:00+00', null, :'cleo'), null, 'somebody else has time then');
select is(pg_temp.enter(:'org', '2026-06-10 09:00+00', 'key-1'), null, 'a key that was used is used');
select isnt(pg_temp.enter(:'other', '2026-06-09 09:00+00', 'key-1'), null, 'another clinic''s keys and times are its own');
update public.appointments set status = 'cancelled' where org_id = :'org' and id = :'first';
select isnt(pg_temp.enter(:'org', '2026-06-09 09:00+00'), null, 'a cancelled one takes no time');
select is((select count(*) from public.appointments where org_id = :'org'), 4::bigint, 'what was not entered is not there');

-- What follows.
create function pg_temp.note(p_org uuid, p_contact uuid, p_call uuid) returns uuid language plpgsql as $$
declare
    v_id constant uuid := tests.booked_for(p_org, jsonb_build_object('contact_id', p_contact, 'call_id', p_call, 'scheduled_at',
        '2026-07-01 09:00+00'::timestamptz + (select count(*) from public.appointments) * interval '1 hour'));
begin
    perform private.note_booking(a, '2026-06-01 06:00+00') from public.appointments a where a.org_id = p_org and a.id = v_id;
    return v_id;
end $$;
select pg_temp.note(:'org', :'ada', :'call') as noted \gset
select is((appointment_id, updated_at), (:'noted'::uuid, '2026-06-01 06:00+00'::timestamptz), 'a booking''s call names it') from public.calls
    where org_id = :'org' and id = :'call';
select is((lead_status, updated_at), ('booked'::text, '2026-06-01 06:00+00'::timestamptz), 'its contact is booked') from public.contacts
    where org_id = :'org' and id = :'ada';
select is(appointment_id, null, 'another call does not name it') from public.calls where org_id = :'org' and id = :'later';
select is(lead_status, 'new', 'and nobody else is booked') from public.contacts where org_id = :'org' and id = :'bea';
update public.contacts set updated_at = '2026-05-01' where org_id = :'org' and id = :'ada';
select pg_temp.note(:'org', :'ada', null) as again \gset
select is(updated_at, '2026-05-01 00:00+00', 'who is booked stays as they are') from public.contacts where org_id = :'org' and id = :'ada';
select is(appointment_id, :'noted'::uuid, 'and so does their call') from public.calls where org_id = :'org' and id = :'call';
select lives_ok(format('select pg_temp.note(%L, null, null)', :'org'), 'one for nobody, without a call, is noted, too');
select is((select count(*) from private.events where org_id = :'org' and kind = 'appointment.booked'), 3::bigint, 'open screens hear of each');

-- What open screens are told.
select private.tell_appointment('appointment.cancelled', a) from public.appointments a where a.org_id = :'org' and a.id = :'again';
select is(payload, jsonb_build_object('id', :'again', 'scheduled_at', a.scheduled_at, 'status', 'scheduled', 'contact_id', :'ada',
    'practitioner_id', null, 'service_id', null,
    'call_id', null), 'open screens are told which, when, and what it is now') from private.events e, public.appointments a
where e.org_id = :'org' and e.kind = 'appointment.cancelled' and a.org_id = e.org_id and a.id = :'again';
select is((select count(*) from private.events where org_id = :'other' and kind like 'appointment.%'), 0::bigint, 'those of that organisation');

-- Who has it.
update public.appointments set practitioner_id = :'cleo' where org_id = :'org' and id = :'again';
select is(private.practitioner_of(:'org', :'again'), :'cleo'::uuid, 'who has an appointment is known');
select is(private.practitioner_of(o::uuid, a::uuid), null, 'or it is nobody''s, or none: ' || w)
from (values (:'org', :'noted', 'no practitioner'), (:'other', :'again', 'another clinic''s'), (:'org', gen_random_uuid()::text, 'no such one'),
    (:'org', null, 'none at all')) as v (o, a, w);

-- One booking at a time at a day of the clinic's diary.
create function pg_temp.locks(p_org uuid, p_at timestamptz) returns bigint language plpgsql as $$
declare
    v_before constant bigint := (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid());
begin
    perform private.lock_days((p_org, null, 45, 15, null)::private.visit, p_at);
    return (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) - v_before;
end $$;
select is(coalesce(current_setting('voxanne.diary', true), ''), '', 'so far no day is held');
select is(pg_temp.locks(:'org', '2026-06-16 09:00+00'), 1::bigint, 'a visit locks its day');
select is(current_setting('voxanne.diary', true), 'held', 'which whoever books again in this transaction knows');
select is(pg_temp.locks(:'org', '2026-06-16 21:59+00'), 0::bigint, 'to the last minute it is the same day');
select is(pg_temp.locks(:'other', '2026-06-16 09:00+00'), 1::bigint, 'another clinic''s day is another');
select is(pg_temp.locks(:'org', '2026-06-17 22:01+00'), 2::bigint, 'a visit over midnight locks both days, with what is kept free behind it');
select is(pg_temp.locks(:'org', '2026-06-19 23:00+00'), 1::bigint, 'the clinic''s clock says which day it is');
select is(pg_temp.locks(:'org', '2026-06-20 09:00+00'), 0::bigint, 'not Greenwich''s');

select * from finish();
rollback;

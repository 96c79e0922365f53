-- Each tool is used by its name; what it answers is an answer or a question, and what it leaves behind is the clinic's.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(36);

select tests.freeze_time('2026-07-01 09:00+00');
select tests.org() as org, tests.org('Other') as other \gset
select tests.in_call(:'org') as call \gset
create function pg_temp.call() returns public.calls language sql stable as $$ select c from public.calls c where c.vapi_call_id = 'vapi-1' $$;
create function pg_temp.said(p_answer private.tool_answer) returns text language sql immutable as $$ select case when p_answer.ok then 'yes: ' else 'no: ' end || p_answer.result $$;
create function pg_temp.used(p_tool text, p_arguments jsonb default '{}') returns text language sql as $$
    select pg_temp.said(private.use_tool(pg_temp.call(), p_tool, p_arguments, tests.now())) $$;
insert into public.opening_hours (org_id, weekday, opens, closes) select :'org', d, '09:00', '17:00' from generate_series(1, 5) as d;
insert into public.contacts (org_id, phone) values (:'org', '+447700900123') returning id as contact \gset

-- By its name.
select tests.booked(:'org', '2026-08-03 08:00+00', :'contact') as first \gset
select is(pg_temp.used(t, coalesce(j, '{}')::jsonb), want, t)
from (values
    ('checkAvailability', null, 'yes: The nearest free times are Wednesday the 1st of July at 10:15 am, 10:30 am or 10:45 am. Would one of those suit you?'),
    ('bookClinicAppointment', '{"newDate": "2026-08-07"}', 'no: ' || private.say('ask_date', 'en')),
    ('rescheduleAppointment', '{"newDate": "2026-08-07"}', 'no: ' || private.say('ask_time', 'en')),
    ('cancelAppointment', null, 'yes: Your appointment for Monday the 3rd of August at 9:00 am is cancelled.'),
    ('queryKnowledgeBase', null, 'no: ' || private.say('ask_question', 'en')),
    ('transferCall', null, 'no: ' || private.say('nobody_free', 'en')), ('takeMessage', null, 'no: ' || private.say('ask_message', 'en')),
    ('endCall', null, 'yes: ' || private.say('goodbye', 'en')), ('endcall', null, null), ('fly', null, null), (null, null, null)) as v (t, j, want);

-- When somebody can come.
create function pg_temp.free(p_arguments jsonb) returns text language sql as $$
    select left(pg_temp.said(private.tool_check_availability(pg_temp.call(), p_arguments, tests.now())), 60) $$;
select is(pg_temp.free(j::jsonb), want, j)
from (values
    ('{"date": "2026-07-02", "time": "10:00"}', 'yes: Yes, Thursday the 2nd of July at 10:00 am is free. Shal'),
    ('{"date": "2026-07-04", "time": "10:00"}', 'yes: I am sorry, Saturday the 4th of July at 10:00 am is not'),
    ('{"date": "2026-07-02"}', 'yes: On Thursday the 2nd of July these times are free, among'), ('{"time": "10:00"}', 'no: Which day would you like?'),
    ('{"date": "2026-06-30", "time": "10:00"}', 'no: That time has already passed. The nearest free times are'),
    ('{"date": "2026-07-02", "time": "10:07"}', 'yes: I am sorry, Thursday the 2nd of July at 10:07 am is not')) as v (j, want);

-- An appointment that is cancelled.
create function pg_temp.cancelled(p_arguments jsonb) returns text language sql as $$ select pg_temp.said(private.tool_cancel_appointment(pg_temp.call(), p_arguments, tests.now())) $$;
select tests.booked(:'org', '2026-08-04 08:00+00', :'contact') as one, tests.booked(:'org', '2026-08-05 08:00+00', :'contact') as two \gset
insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok, created_at) values (:'org', :'call', 't0', 'cancelAppointment', '{}',
    'It is cancelled.', true, tests.now());
select matches(pg_temp.cancelled('{}'), '^no: You have several appointments: ', 'of several none is cancelled');
select is(pg_temp.cancelled('{"date": "2026-08-04"}'), 'yes: Your appointment for Tuesday the 4th of August at 9:00 am is cancelled.', 'one that is named is');
select is((select array_agg(status order by scheduled_at) from public.appointments where org_id = :'org' and scheduled_at > '2026-08-04'), '{cancelled,scheduled}', 'and no other');
select pg_temp.cancelled('{"date": "2026-08-05"}') as told \gset
insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok, created_at) values
    (:'org', :'call', 't00', 'cancelAppointment', '{"date": "2026-08-05"}', 'It was cancelled.', true, tests.now() - interval '1 minute'),
    (:'org', :'call', 't1', 'cancelAppointment', '{"date": "2026-08-05"}', 'It is cancelled.', true, tests.now()),
    (:'org', :'call', 't2', 'cancelAppointment', '{"date": "2026-08-05"}', 'Which one?', false, tests.now() + interval '1 minute'),
    (:'org', :'call', 't3', 'rescheduleAppointment', '{"date": "2026-08-05"}', 'It is moved.', true, tests.now() + interval '2 minutes');
select is(pg_temp.cancelled('{"date": "2026-08-05"}'), 'yes: It is cancelled.', 'asked for again, it is as it was told before');
select is(pg_temp.cancelled('{"date": "2026-08-06"}'), 'no: ' || private.say('ask_appointment', 'en'), 'another one is not found');

-- What the clinic has said.
create function pg_temp.known(p_arguments jsonb) returns text language sql as $$ select pg_temp.said(private.tool_query_knowledge_base(pg_temp.call(), p_arguments, tests.now())) $$;
select is(pg_temp.known('{"query": "4111 1111 1111 1111 zebra"}'), 'yes: ' || private.say('knowledge_none', 'en'), 'what nobody has written is not made up');
select is((select question || ' ' || asked_count from public.knowledge_gaps where org_id = :'org'),
    btrim(regexp_replace(lower(private.redact_call_text(:'org', '4111 1111 1111 1111 zebra')), '[^[:alnum:]]+', ' ', 'g')) || ' 1', 'but counted, without what must not be kept');
select private.save_knowledge_text(:'org', 'Parking', 'There are six spaces for parking behind the building.') as entry \gset
select is(pg_temp.known('{"question": "parking"}'), 'yes: Parking: There are six spaces for parking behind the building.',
    'what somebody has written is told, whatever the question is called');
select private.save_knowledge_text(:'org', 'Trains', 'The station has parking as well.') as entry \gset
select is(pg_temp.known('{"q": "parking"}'), 'yes: Parking: There are six spaces for parking behind the building. Trains: The station has parking as well.',
    'with the next, when both fit in one breath');
insert into public.knowledge_base_chunks (org_id, knowledge_base_id, position, content, token_count)
select :'org', private.save_knowledge_text(:'org', 'Bees', 'Our honey, our honey.'), 1, 'Bees: The bees make honey of ' || repeat('lavender, ', n) || 'and more.', 9
from unnest('{1}'::integer[]) as n;
select is(pg_temp.known('{"query": "honey"}'), 'yes: Bees: Our honey, our honey. The bees make honey of lavender, and more.', 'a title that both share is said once');
update public.knowledge_base_chunks set content = 'Bees: The bees make honey of ' || repeat('lavender, ', 60) || 'and more.' where org_id = :'org' and content like 'Bees: The bees%';
select is(pg_temp.known('{"query": "honey"}'), 'yes: Bees: Our honey, our honey.', 'what is too long for one breath is left out');
select ok(length(pg_temp.known('{"query": "lavender"}')) between 100 and 605, 'or cut');
select is((select count(*) from public.knowledge_gaps where org_id = :'org'), 1::bigint, 'a question that was answered is no gap');

-- A message that was taken.
create function pg_temp.sent(p_content text, p_name text, p_phone text, p_urgency text) returns text[] language sql as $$
    with message as (
        select jsonb_populate_record(null::public.messages, jsonb_build_object('id', md5(p_content), 'content', p_content, 'created_at', '2026-07-01T09:00:00Z')) as m
    )
    select array_agg(s::text) from message, private.send_taken_message(pg_temp.call(), m, p_name, p_phone, p_urgency) as s $$;
create function pg_temp.emails(p_org uuid) returns text[] language sql as $$
    select array_agg(e.recipient || ': ' || e.subject order by e.subject) from private.emails e where e.org_id = p_org and e.template = 'taken_message' $$;
update public.organizations set email = 'desk@harbour.test', clinic_name = 'Harbour Clinic' where id = :'org';
select pg_temp.sent('a', 'Ann Lee', '+447700900123', 'high'), pg_temp.sent('a', 'Ann Lee', '+447700900123', 'high'), pg_temp.sent('b', null, '+447700900123', 'critical'),
    pg_temp.sent('c', 'Bea', null, 'low'), pg_temp.sent('d', null, null, null) \gset
select is(pg_temp.emails(:'org'), array['desk@harbour.test: Message for Harbour Clinic from Bea', 'desk@harbour.test: Message for Harbour Clinic from Somebody whose number is withheld',
    'desk@harbour.test: Urgent: Message for Harbour Clinic from Ann Lee, +447700900123', 'desk@harbour.test: Very urgent: Message for Harbour Clinic from +447700900123'],
    'each message is sent once to the clinic''s address, saying of whom and how urgent');
select ok(e.text like '%Ann Lee, +447700900123 rang Harbour Clinic on Wednesday the 1st of July at 10:00 am and left this message:%' and e.text like '%/dashboard/calls?call=' || :'call' || '%',
    'with when, and a way to the call')
from private.emails e where e.org_id = :'org' and e.subject like 'Urgent%';
update public.organizations set email = null, clinic_name = null, name = 'Harbour Ltd' where id = :'org';
select tests.user(:'org', 'admin') as second, tests.user(:'org', 'user') as nobody \gset
select pg_temp.sent('e', 'Cat', null, null) as sent \gset
select is((select array_agg(e.recipient order by e.recipient) from private.emails e where e.org_id = :'org' and e.subject = 'Message for Harbour Ltd from Cat'),
    (select array_agg(p.email order by p.email) from public.profiles p where p.org_id = :'org' and p.role = 'admin'), 'without an address, to each admin and nobody else');

-- One that is refused.
select private.note_refused_tool(pg_temp.call(), 'appointment', '{"tool": "cancelAppointment", "ids": null}'), private.note_refused_tool(null, 'call', '{"vapi_call_id": "who"}') \gset
select is((select jsonb_agg(s.details) from public.security_audit_log s where s.org_id = :'org' and s.kind = 'tool_call_refused'),
    jsonb_build_array(jsonb_build_object('call_id', :'call', 'named', 'another organisation''s appointment', 'tool', 'cancelAppointment')),
    'a refused tool stands at the organisation whose call it came in');
select is((select jsonb_agg(s.details) from public.security_audit_log s where s.org_id = '00000000-0000-0000-0000-000000000000' and s.kind = 'tool_call_refused'),
    '[{"named": "another organisation''s call", "vapi_call_id": "who"}]', 'or at nobody''s');
select is((select count(*) from public.security_audit_log s where s.org_id = :'other' and s.kind = 'tool_call_refused'), 0::bigint, 'never at the one it named');

select * from finish();
rollback;

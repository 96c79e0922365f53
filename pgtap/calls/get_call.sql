begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(21);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as person, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{calls:read}') as key, tests.api_key(:'org', '{services:read}') as reader,
       gen_random_uuid() as call, gen_random_uuid() as bare, gen_random_uuid() as appointment \gset
insert into public.appointments (org_id, id, title, scheduled_at, busy_until) values (:'org', :'appointment', 'Whitening', '2026-12-01 09:00+00', '2026-12-01 09:30+00');
insert into public.calls (org_id, id, call_direction, status, created_at, started_at, ended_at, duration_seconds, phone_number, caller_name,
    cost_cents, appointment_id, booking_confirmed, transcript, tools_used, recording_status, recording_url, vapi_call_id, sentiment_score, turns)
values (:'org', :'call', 'inbound', 'completed', '2026-11-21 11:59:58+00', '2026-11-21 12:00:00+00', '2026-11-21 12:01:30+00', 90, '+447700900123', 'Ann Long',
    84, :'appointment', true, 'Agent: Hello.', '{bookClinicAppointment}', 'completed', 'https://example.com/r.wav', 'vapi-1', 0.8,
    '[{"role": "agent", "text": "Hello.", "at_seconds": 0.5}, {"role": "caller", "text": "Next week?"}, {"role": "agent", "text": "Tuesday.", "at_seconds": "soon"}, {"role": "caller", "text": "Good.", "at_seconds": 42}]');
insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok, created_at) values
    (:'org', :'call', 'b', 'bookClinicAppointment', '{"when": "2026-12-01T09:00"}', 'You are booked.', true, '2026-11-21 12:00:40+00'),
    (:'org', :'call', 'a', 'checkAvailability', '{}', 'Tuesday is free.', true, '2026-11-21 12:00:20+00');
insert into public.messages (org_id, call_id, direction, method, purpose, recipient, content, status, created_at)
values (:'org', :'call', 'out', 'sms', 'followup', '+447700900123', 'See you.', 'sent', '2026-11-21 12:00:30+00');
insert into public.calls (org_id, id, call_direction) values (:'org', :'bare', 'outbound');

select tests.as_user(:'person');
select public.get_call(:'call') as got \gset
select is(array[(:'got'::public.call_detail).phone_number, (:'got'::public.call_detail).caller_name, (:'got'::public.call_detail).status], '{+447700900123,"Ann Long",completed}', 'who called, and how it stands');
select is((:'got'::public.call_detail).cost_cents, 84::bigint, 'what it cost');
select ok((:'got'::public.call_detail).has_recording and (:'got'::public.call_detail).has_transcript, 'it can be heard and read');
select is((:'got'::public.call_detail).transcript, 'Agent: Hello.', 'what was said');
select is((:'got'::public.call_detail).sentiment_score, 0.8, 'how the caller felt');
select is(((:'got'::public.call_detail).appointment).title, 'Whitening', 'what was booked');
select is((select array_agg(t.tool_name || ' ' || t.result) from unnest((:'got'::public.call_detail).tools) t), '{"checkAvailability Tuesday is free.","bookClinicAppointment You are booked."}', 'which tools ran, in order');
select is((select array_agg(concat_ws(' ', m.kind, m.at_seconds, m.method, m.text)) from unnest((:'got'::public.call_detail).timeline) m),
    '{"agent 0.5 Hello.","caller 0.5 Next week?","agent 0.5 Tuesday.","message sms See you.","caller 42 Good."}', 'what was said and sent in one order; a turn without a time follows the one before it');
select is((select m.at from unnest((:'got'::public.call_detail).timeline) m where m.text = 'Good.'), '2026-11-21 12:00:42+00'::timestamptz, 'each at its time');

select public.get_call(:'bare') as got \gset
select ok(not (:'got'::public.call_detail).has_recording and not (:'got'::public.call_detail).has_transcript, 'a call that only rings has nothing to hear or read');
select is((:'got'::public.call_detail).timeline, '{}', 'and no moments');
select is((:'got'::public.call_detail).tools, '{}', 'and no tools');
select is(((:'got'::public.call_detail).appointment).id, null, 'and no appointment');

select tests.throws_code(format('select public.get_call(%L)', gen_random_uuid()), 'call_not_found');
select tests.as_owner();
update public.calls c set recording_url = null where c.id = :'call';
select tests.as_user(:'person');
select ok(not (public.get_call(:'call')).has_recording, 'a recording that was erased is none');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.get_call(%L)', :'call'), 'call_not_found', 'another organisation''s call is not there');
select is(private.tools_of_call(:'call'), '{}', 'nor are its tools');
select tests.as_api_key(:'key');
select is((public.get_call(:'call')).id, :'call', 'a key reads with its scope');
select tests.as_api_key(:'reader');
select tests.throws_code(format('select public.get_call(%L)', :'call'), 'scope_missing');
select tests.throws_code(format('select private.tools_of_call(%L)', :'call'), 'scope_missing', 'by whatever door');
select tests.as_anon();
select throws_ok(format('select public.get_call(%L)', :'call'), '42501');

select * from finish();
rollback;

-- A call as lists and its own page show it, and who asks for what can mean nothing.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(45);

select tests.freeze_time('2026-11-21 12:00+00');
select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'user') as person, tests.rung(:'org', 'c') as call, tests.rung(:'other', 'c') as their_call \gset
create function pg_temp.a_call(p_values jsonb default '{}') returns public.calls language sql stable as $$
    select jsonb_populate_record(c, p_values) from public.calls c order by c.id = md5(c.org_id || 'c')::uuid limit 1 $$;

-- In a list.
select is(to_jsonb(private.call_item(pg_temp.a_call(j.j))) - 'id', j.j - '{transcript,recording_url}'::text[] || '{"has_recording": true, "has_transcript": true}',
    'what a list shows of a call stands in its own place')
from (select '{"created_at": "2026-11-21T12:00:00+00:00", "started_at": "2026-11-21T12:00:05+00:00", "duration_seconds": 60, "status": "completed", "call_direction": "outbound",
    "contact_id": "00000000-0000-0000-0000-000000000001", "agent_id": "00000000-0000-0000-0000-000000000002", "phone_number": "+447700900123", "caller_name": "Ann",
    "recording_status": "completed", "cost_cents": 56, "appointment_id": "00000000-0000-0000-0000-000000000003", "booking_confirmed": true, "financial_value_pence": 700,
    "tools_used": ["endCall"], "sentiment_label": "positive", "sentiment_score": 0.8, "sentiment_summary": "Pleased.", "sentiment_urgency": "low", "outcome": "Ann rang.",
    "ended_reason": "customer-ended-call", "transcript": "Hi.", "recording_url": "https://a.example/x.wav"}'::jsonb as j) as j;
select is((private.call_item(pg_temp.a_call(j::jsonb))).has_transcript, want, j)
from (values ('{"transcript": null}', false), ('{"transcript": ""}', false), ('{"transcript": "A"}', true)) as v (j, want);
select is((private.call_item(pg_temp.a_call(j::jsonb))).has_recording, want, j)
from (values ('{"recording_status": "pending", "recording_url": "https://a.example/x.wav"}', false), ('{"recording_status": "completed", "recording_url": null}', false),
             ('{"recording_status": "completed", "recording_url": "https://a.example/x.wav"}', true)) as v (j, want);

-- To be heard.
select tests.throws_code(format('select private.check_recording(pg_temp.a_call(%L))', j), code, j)
from (values ('{"recording_status": "pending"}', 'recording_not_ready'), ('{"recording_status": "processing", "recording_url": "https://a.example/x.wav"}', 'recording_not_ready'),
             ('{"recording_status": "none"}', 'recording_not_found'), ('{"recording_status": "failed"}', 'recording_not_found'),
             ('{"recording_status": "completed", "recording_url": null}', 'recording_not_found'),
             ('{"recording_status": "completed", "recording_url": "https://a.example/x.wav", "vapi_call_id": null}', 'recording_not_found')) as v (j, code);
select tests.throws_code('select private.check_recording(null)', 'recording_not_found', 'no call has no recording');
select lives_ok($$ select private.check_recording(pg_temp.a_call('{"recording_status": "completed", "recording_url": "https://a.example/x.wav"}')) $$,
    'one that is complete can be heard');

-- What a list is asked for.
select lives_ok(format('select private.check_call_filters(%L, %L, %L, %L)', l, s, d, q), format('%s %s %s', l, s, d))
from (values (1, null, null, null), (200, 'pending', 'inbound', ''), (50, 'in_progress', 'outbound', repeat('x', 200)), (50, 'completed', null, 'x'),
    (50, 'failed', null, 'x')) as v (l, s, d, q);
create function pg_temp.refused(p_limit integer, p_status text, p_direction text, p_search text) returns text language plpgsql as $$
declare
    v_hint text;
    v_detail text;
begin
    perform private.check_call_filters(p_limit, p_status, p_direction, p_search);
    return null;
exception when others then
    get stacked diagnostics v_hint = pg_exception_hint, v_detail = pg_exception_detail;
    return v_hint || ' ' || (v_detail::jsonb ->> 'field');
end $$;
select is(pg_temp.refused(l, s, d, q), 'invalid_value ' || f, format('%s %s %s is refused', l, s, d))
from (values (0, null, null, null, 'limit'), (201, null, null, null, 'limit'), (null, null, null, null, 'limit'), (50, 'done', null, null, 'status'), (50, '', null, null, 'status'),
             (50, null, 'Inbound', null, 'direction'), (50, null, null, repeat('x', 201), 'search')) as v (l, s, d, q, f);

-- What was said and sent.
insert into public.messages (org_id, call_id, direction, method, purpose, recipient, content, status, created_at)
values (:'org', :'call', 'out', 'sms', 'followup', '+447700900123', 'See you.', 'sent', '2026-11-21 12:00:12+00'),
    (:'org', :'call', 'in', 'email', 'taken_message', 'a@b.test', 'Ring me.', 'delivered', '2026-11-21 11:59+00'),
       (:'other', :'their_call', 'out', 'sms', 'followup', '+447700900123', 'Theirs.', 'sent', '2026-11-21 12:00:12+00');
create function pg_temp.told(p_call uuid, p_values jsonb) returns text[] language sql as $$
    select array_agg(concat_ws(' ', to_char(m.at, 'HH24:MI:SS.MS'), m.at_seconds, m.kind, m.method, m.status, m.text) order by m.n)
    from public.calls c, unnest(private.call_timeline(jsonb_populate_record(c, p_values))) with ordinality as m (at, at_seconds, kind, text, method, status, n) where c.id = p_call $$;
grant execute on function pg_temp.told(uuid, jsonb), pg_temp.a_call(jsonb) to authenticated;
select is(pg_temp.told(:'call', '{"started_at": "2026-11-21T12:00:10Z", "turns": [{"role": "agent", "text": "Hello."}, {"role": "caller", "text": "Hi.", "at_seconds": 2},
        {"role": "tool", "text": "endCall()", "at_seconds": "9"}, {"role": "agent", "text": "Bye.", "at_seconds": 1.5}, {"role": "caller", "text": "Bye.", "at_seconds": 2.25}]}'),
    '{"11:59:00.000 message email delivered Ring me.","12:00:10.000 0 agent Hello.","12:00:12.000 2 caller Hi.","12:00:12.000 2 tool endCall()","12:00:12.000 2 agent Bye.","12:00:12.000 message sms sent See you.","12:00:12.250 2.25 caller Bye."}',
    'what was said and sent, in order: a turn without a time, or one before its turn, stands with the one before it, and turns before messages');
select is(pg_temp.told(:'call', '{"turns": [{"role": "agent", "text": "Hello.", "at_seconds": 1}]}'),
    '{"11:59:00.000 message email delivered Ring me.","12:00:01.000 1 agent Hello.","12:00:12.000 message sms sent See you."}',
    'of a call whose beginning nobody knows the times are since it came');
select tests.as_user(:'person');
select is(pg_temp.told(:'call', '{}'), '{"11:59:00.000 message email delivered Ring me.","12:00:12.000 message sms sent See you."}', 'who may read messages reads them');
select is(private.call_timeline(pg_temp.a_call(jsonb_build_object('id', :'their_call', 'org_id', :'other'))), '{}', 'nobody reads another organisation''s');
select is(private.call_timeline(pg_temp.a_call('{"id": "00000000-0000-0000-0000-000000000001"}')), '{}', 'a call in which nothing was said has no moments');
select tests.as_owner();

-- Whom a person reads of.
select is(private.told_contact(jsonb_populate_record(null::public.contacts, j::jsonb)), want, j)
from (values ('{"first_name": "Ann", "last_name": "Lee", "phone": "+447700900123"}', 'Ann Lee'), ('{"first_name": "Ann"}', 'Ann'), ('{"last_name": "Lee", "email": "a@b.test"}', 'Lee'),
             ('{"first_name": "", "phone": "+447700900123", "email": "a@b.test"}', '+447700900123'), ('{"email": "a@b.test"}', 'a@b.test'), ('{}', 'Somebody')) as v (j, want);

-- Recordings that are old.
insert into public.calls (org_id, vapi_call_id, call_direction, created_at, recording_status, recording_url)
select :'org', 'r' || n, 'inbound', tests.now() - make_interval(secs => n), 'completed', 'https://a.example/x.wav' from generate_series(1, 5001) as n;
update public.calls c set recording_url = 'https://a.example/x.wav', recording_status = 'completed', created_at = tests.now() - interval '2 seconds' where c.id = :'their_call';
insert into private.recording_links (token_hash, org_id, call_id, expires_at)
select sha256(c.id::text::bytea), c.org_id, c.id, tests.now() + interval '1 day' from public.calls c where c.vapi_call_id in ('r1', 'r2', 'r5001', 'c') and c.recording_url is not null;
create function pg_temp.left() returns text[] language sql as $$
    select array_agg(l.vapi_call_id order by l.vapi_call_id) from (select c.vapi_call_id from public.calls c where c.recording_url is not null) as l $$;
select is(private.erase_recordings_before(:'org', null, tests.now()), 0, 'who keeps recordings for ever loses none');
select is(private.erase_recordings_before(:'org', tests.now() - interval '5001 seconds', tests.now()), 0, 'one of that very moment stays');
select is(private.erase_recordings_before(:'org', tests.now(), tests.now()), 5000, 'five thousand are erased at a time');
select is(pg_temp.left(), '{c,r1}', 'the oldest first, and nobody else''s');
select is((select array_agg(c.vapi_call_id order by c.vapi_call_id) from private.recording_links l join public.calls c on c.id = l.call_id), '{c,r1}',
    'with the links that were given out');
select is(private.erase_recordings_before(:'org', tests.now(), tests.now()), 1, 'then the rest');
select results_eq($$ select distinct recording_status, updated_at = tests.now() from public.calls where vapi_call_id like 'r%' $$, $$ values ('none', true) $$,
    'which have no recording any more');

select * from finish();
rollback;

-- The steps by which a record is made, each by itself.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(38);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.funded(5000) as org \gset
select tests.rung(:'org', 'c') as call \gset
create function pg_temp.a_call(p_values jsonb default '{}') returns public.calls language sql stable as $$
    select jsonb_populate_record(c, p_values) from public.calls c where c.vapi_call_id = 'c' $$;

-- Words and their order.
select is(array(select w from (values
        ('a', private.word_key(4, '{"duration_seconds": 1}', 'b')), ('b', private.word_key(4, '{"ended_at": "2026-03-02T10:00:00Z"}', 'a')),
        ('c', private.word_key(3, '{"ended_at": "2026-03-02T11:00:00Z", "duration_seconds": 9}', 'a')), ('d', private.word_key(4, '{"ended_at": "2026-03-02T10:00:00Z", "duration_seconds": 0}', 'a')),
        ('e', private.word_key(4, '{}', 'a')), ('f', private.word_key(4, '{"ended_at": "2026-03-02T10:00:00.001Z"}', 'a')), ('g', private.word_key(4, '{"ended_at": "2026-03-02T10:00:00Z", "duration_seconds": 10}', 'a')),
        ('h', private.word_key(4, '{"ended_at": "2026-03-02T10:00:00Z", "duration_seconds": 9}', 'a')), ('i', private.word_key(4, '{}', 'b'))) as v (w, key)
    order by key collate "C"), '{c,e,i,a,b,d,h,g,f}', 'by source, then by end, then by length, then by content');
select is((private.take_word(pg_temp.a_call('{"summary": "Old."}'), '{"summary": "3"}', '{"summary": "New."}', '4')).call.summary, 'New.', 'a greater word takes the place of a lesser one''s part');
select is((private.take_word(pg_temp.a_call('{"summary": "Old."}'), '{"summary": "4"}', '{"summary": "New."}', '3')).call.summary, 'Old.', 'and not the other way');
select is((private.take_word(pg_temp.a_call('{"summary": "Old."}'), '{}', '{"summary": "New."}', '1')).call.summary, 'New.', 'a part without a word is anybody''s');
select is((private.take_word(pg_temp.a_call('{"transfer_to": "+442071230000"}'), '{}', '{"transfer_to": "+442071230001"}', '4')).call.transfer_to, '+442071230000', 'but what the product did itself it knows best');
select is((private.take_word(pg_temp.a_call('{"transfer_to": "+442071230000"}'), '{"transfer_to": "3"}', '{"transfer_to": "+442071230001"}', '4')).call.transfer_to, '+442071230001', 'unless a word had said it');
select is((private.take_word(pg_temp.a_call(), '{"turns": "3"}', '{"summary": "New."}', '4')).parts, '{"turns": "3", "summary": "4"}', 'it is remembered which word spoke of what');

-- Times.
select is((private.with_times(pg_temp.a_call('{"started_at": "2026-03-02T10:00:00Z", "ended_at": "2026-03-02T10:00:09.9Z"}'), '{}')).duration_seconds, 9, 'a call without a bill is as long as its times say');
select is((private.with_times(pg_temp.a_call('{"started_at": "2026-03-02T10:00:09Z", "ended_at": "2026-03-02T10:00:00Z"}'), '{}')).duration_seconds, 0, 'and never shorter than nothing');
select is((private.with_times(pg_temp.a_call('{"ended_at": "2026-03-02T10:00:00Z"}'), '{}')).duration_seconds, null, 'without a beginning nobody knows');
select private.reserve_call_credits(:'org', :'call', p_now => tests.now()) as admission \gset
select private.start_call_clock(:'call', '2026-03-02 10:00:05+00', tests.now()) as clock \gset
select private.commit_reserved_credits(:'call', null, 'status', '2026-03-02 10:01:05+00', tests.now()) as settled \gset
select is((select row(t.started_at, t.ended_at, t.duration_seconds)::text from private.with_times(pg_temp.a_call(), '{}') t),
    '("2026-03-02 10:00:05+00","2026-03-02 10:01:05+00",60)', 'what no word names the bill knows, from the statuses');
select is((select row(t.started_at, t.ended_at, t.duration_seconds)::text from private.with_times(
        pg_temp.a_call('{"started_at": "2026-03-02T10:00:00Z", "ended_at": "2026-03-02T10:00:09Z", "duration_seconds": 9}'), '{"started_at": "4", "ended_at": "4", "duration_seconds": "4"}') t),
    '("2026-03-02 10:00:00+00","2026-03-02 10:00:09+00",9)', 'what one named stands');
select is((select row(t.started_at, t.ended_at, t.duration_seconds)::text from private.with_times(
        pg_temp.a_call('{"started_at": "2026-03-02T10:00:00Z", "ended_at": "2026-03-02T10:00:09Z"}'), '{"started_at": "0", "ended_at": "0"}') t),
    '("2026-03-02 10:00:05+00","2026-03-02 10:01:05+00",60)', 'when somebody was heard is the last that is asked');

-- Whether anybody was reached.
select is(private.is_connected(pg_temp.a_call(j::jsonb)), want, j)
from (values ('{"started_at": "2026-03-02T10:00:00Z", "ended_reason": "customer-did-not-answer"}', true), ('{"duration_seconds": 1}', true), ('{"duration_seconds": 0}', false),
             ('{"ended_reason": "customer-ended-call"}', true), ('{"ended_reason": "customer-busy"}', false), ('{"ended_reason": "something-new"}', false),
             ('{"turns": [{"role": "caller", "text": "Hi"}]}', true), ('{"turns": [{"role": "agent", "text": "Hi"}]}', false),
             ('{"ended_reason": "customer-busy", "turns": [{"role": "caller", "text": "Hi"}]}', false)) as v (j, want);

-- Recordings.
select is((private.with_recording(pg_temp.a_call(j::jsonb))).recording_status, want, j)
from (values ('{"recording_url": "https://a.example/x.wav"}', 'completed'), ('{"started_at": "2026-03-02T10:00:00Z"}', 'none'), ('{"recording_status": "failed"}', 'failed')) as v (j, want);
insert into public.agents (org_id, id, name, direction, recording_enabled) values (:'org', :'call', 'Ada', 'inbound', true);
select is((private.with_recording(pg_temp.a_call(jsonb_build_object('agent_id', :'call', 'started_at', tests.now())))).recording_status, 'pending', 'an agent that records has a recording coming');
select is((private.with_recording(pg_temp.a_call(jsonb_build_object('agent_id', :'call')))).recording_status, 'none', 'unless nobody was reached');

-- Worth and outcome.
insert into public.lead_value_defaults (org_id, urgency, value_pence) values (:'org', 'high', 12300);
select is(private.call_value(pg_temp.a_call('{"sentiment_urgency": "high"}'), '{}', null), 12300::bigint, 'a caller who names no service is worth what one so urgent is');
select is(private.call_value(pg_temp.a_call('{"sentiment_urgency": "low"}'), '{}', null), 0::bigint, 'or nothing');
select is(private.call_value(pg_temp.a_call('{"sentiment_urgency": "high"}'), array(select s from private.services_in(:'org', 'botox or a facelift') s), null), 800000::bigint, 'of several services the dearest counts');
select is(private.call_outcome(pg_temp.a_call(j::jsonb), array(select s from private.services_in(:'org', v.said) s), null, v.connected), want, want)
from (values
    ('{"caller_name": "Dr. J. Smith!", "duration_seconds": 89}', '', true, 'Dr J Smith rang and spoke for 89 seconds. Nothing was booked. The call ended.'),
    ('{"duration_seconds": 100, "ended_reason": "silence-timed-out"}', 'botox, lip filler', true, 'Somebody rang and spoke for 2 minutes. They asked about Fillers, Botox and booked nothing. Nobody spoke any more.'),
    ('{"call_direction": "outbound", "ended_reason": "customer-busy"}', '', false, 'We rang somebody and did not reach them. Nothing was booked. The line was busy.'),
    ('{"call_direction": "outbound", "caller_name": "Jane", "tools_used": ["takeMessage"]}', '', true, 'We rang Jane. A message was taken. The call ended.'),
    ('{"caller_name": "...", "booking_confirmed": true}', '', true, 'Somebody rang. An appointment was booked. The call ended.')) as v (j, said, connected, want);

-- What was said.
select is(private.said_by_caller(pg_temp.a_call('{"turns": [{"role": "caller", "text": "a"}, {"role": "agent", "text": "b"}, {"role": "caller", "text": "c"}], "transcript": "x"}')), 'a c', 'what the caller said is theirs alone');
select is(private.said_by_caller(pg_temp.a_call('{"turns": [], "transcript": "x"}')), 'x', 'of a call without turns it is all that was said');
select is(private.plain_words('It''s  a Nose-job, isn’t it?'), ' its  a  nose  job  isnt  it ', 'words are words, however they are written');

select * from finish();
rollback;

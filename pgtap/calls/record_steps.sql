-- Of whom a record speaks, how they felt, which word it was made from, and what is written of it.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(59);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.funded(5000) as org \gset
select tests.rung(:'org', 'c') as call, tests.rung(:'org', 'd', '{"phone_number": null, "from_number": null}') as withheld \gset
create function pg_temp.a_call(p_values jsonb default '{}', p_vapi text default 'c') returns public.calls language sql stable as $$
    select jsonb_populate_record(c, p_values) from public.calls c where c.vapi_call_id = p_vapi $$;
create function pg_temp.a_record(p_values jsonb default '{}') returns private.call_records language sql stable as $$
    select jsonb_populate_record(null::private.call_records, '{"parts": {}, "named_contact": false}' || p_values) $$;

-- The greater word.
create function pg_temp.greater(p_before jsonb, p_rank integer, p_facts jsonb, p_hash text) returns text language sql as $$
    select row(r.rank, r.ended_at, r.seconds, convert_from(r.body_hash, 'UTF8'), r.parts)::text
    from private.greater_word(pg_temp.a_record(p_before), p_rank::smallint, p_facts, p_hash::bytea) as r $$;
select is(pg_temp.greater('{"rank": 3, "body_hash": "\\x313233343536373862"}', 3, '{}', '12345678a'), '(3,,,12345678b,{})', 'of two that say the same the first stays');
select is(pg_temp.greater('{}', 1, '{}', 'a'), '(1,,,a,{})', 'the first word there is counts, whatever it says');
select is(pg_temp.greater('{"rank": 3, "ended_at": "2026-03-02T10:00:00Z", "seconds": 60, "body_hash": "\\x62", "parts": {"summary": "x"}}', rank, facts::jsonb, hash), want, what)
from (values
    (4, '{}', 'a', '(4,,,a,"{""summary"": ""x""}")', 'then one of a surer source'),
    (2, '{"ended_at": "2026-03-02T11:00:00Z", "duration_seconds": 90}', 'c', '(3,"2026-03-02 10:00:00+00",60,b,"{""summary"": ""x""}")', 'never one of a lesser source'),
    (3, '{"ended_at": "2026-03-02T10:00:01Z"}', 'a', '(3,"2026-03-02 10:00:01+00",,a,"{""summary"": ""x""}")', 'of one source the one that names the later end'),
    (3, '{"ended_at": "2026-03-02T09:59:59Z", "duration_seconds": 90}', 'c', '(3,"2026-03-02 10:00:00+00",60,b,"{""summary"": ""x""}")', 'not the earlier'),
    (3, '{"ended_at": "2026-03-02T10:00:00Z", "duration_seconds": 100}', 'a', '(3,"2026-03-02 10:00:00+00",100,a,"{""summary"": ""x""}")', 'then the longer one'),
    (3, '{"ended_at": "2026-03-02T10:00:00Z", "duration_seconds": 60}', 'c', '(3,"2026-03-02 10:00:00+00",60,c,"{""summary"": ""x""}")', 'then one of the two, always the same'),
    (3, '{"ended_at": "2026-03-02T10:00:00Z", "duration_seconds": 60}', 'a', '(3,"2026-03-02 10:00:00+00",60,b,"{""summary"": ""x""}")',
     'whichever came first')) as v (rank, facts, hash, want, what);

-- The name that a tool was told.
select is(private.name_told(pg_temp.a_call()), null, 'without a tool there is no name');
create function pg_temp.told(p_call uuid, p_arguments jsonb, p_at timestamptz, p_id text default gen_random_uuid()) returns text language sql as $$
    insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok, created_at) select c.org_id, c.id, p_id, 'takeMessage', p_arguments, '',
    true, p_at from public.calls c where c.id = p_call;
    select private.name_told(c) from public.calls c where c.id = p_call $$;
select is(pg_temp.told(:'call', j::jsonb, '2026-03-02 10:00+00'::timestamptz + n * interval '1 second'), want, j)
from (values (1, '{"name": " Ann  Lee "}', 'Ann Lee'), (2, '{"patientName": "Bea"}', 'Bea'), (3, '{"patient_name": "Cat"}', 'Cat'), (4, '{"callerName": "Dan"}', 'Dan'),
    (5, '{"customer_name": "Eve"}', 'Eve'), (6, '{"Full Name": "Fay"}', 'Fay'),
             (7, '{"firstName": "Guy", "lastName": "Orr"}', 'Guy Orr'), (8, '{"patientName": "", "name": "Hal"}', 'Hal'), (9, '{"name": "unknown"}', 'Hal'),
             (10, '{"name": "07700 900123"}', 'Hal'), (11, '{"reason": "pain"}', 'Hal')) as v (n, j, want);
select is(pg_temp.told(:'call', '{"name": "Ivy"}', '2026-03-02 10:00:05+00'), 'Hal', 'the latest counts');
select is(pg_temp.told(:'call', '{"name": "Jim"}', '2026-03-02 10:00:08+00', '!'), 'Jim', 'of one moment always the same');
select is(private.name_told(pg_temp.a_call('{}', 'd')), null, 'another call''s names are its own');

-- With whom it was.
create function pg_temp.known(p_call jsonb default '{}', p_record jsonb default '{}', p_before jsonb default '{}', p_vapi text default 'c') returns text language plpgsql as $$
declare
    v_known constant private.known_call := private.with_contact(pg_temp.a_call(p_call, p_vapi), pg_temp.a_call(p_before, p_vapi), pg_temp.a_record(p_record), tests.now());
begin
    return concat_ws(' / ', coalesce((v_known.call).caller_name, '-'),
    coalesce((select nullif(concat_ws(' ', c.first_name, c.last_name), '') from public.contacts c where c.id = (v_known.call).contact_id), '-'),
                     (v_known.record).named_contact, (v_known.record).parts);
end $$;
select is(pg_temp.known(p_vapi => 'd'), '- / - / f / {"caller_name": ""}', 'a caller without a number and a name is nobody');
select is(pg_temp.known('{"caller_name": "Ann Lee"}', p_vapi => 'd'), 'Ann Lee / - / f / {}', 'one with a name has it, and no contact');
select is((select count(*) from public.contacts where org_id = :'org'), 0::bigint, 'and none is made');
delete from private.tool_runs where call_id = :'call';
select is(pg_temp.known(), '- / - / f / {"caller_name": ""}', 'a number has a contact, whose name nobody knows');
select is((select c.phone from public.contacts c where c.org_id = :'org'), '+447700900123', 'made for it');
select pg_temp.told(:'call', '{"name": "Ann Lee"}', '2026-03-02 10:00+00') as told \gset
select is(pg_temp.known('{"caller_name": "Ann Lee"}', '{"parts": {"caller_name": ""}}'), 'Ann Lee / Ann Lee / t / {"caller_name": ""}',
    'what a tool was told names the contact and the call');
select pg_temp.told(:'call', '{"name": "Bea Lee"}', '2026-03-02 10:00:01+00'), pg_temp.told(:'withheld', '{"name": "Cat"}', '2026-03-02 10:00+00') \gset
select is(pg_temp.known('{"caller_name": "Ann Lee"}', '{"parts": {"caller_name": ""}}'), 'Bea Lee / Ann Lee / f / {"caller_name": ""}', 'told another later, the call has that one');
select is(pg_temp.known(p_vapi => 'd'), 'Cat / - / f / {"caller_name": ""}', 'somebody without a number is called as a tool was told');
select is(pg_temp.known('{"caller_name": "Anna Lee"}', '{"parts": {"caller_name": "4"}, "named_contact": true}', '{"caller_name": "Ann Lee"}'),
    'Anna Lee / Anna Lee / t / {"caller_name": "4"}', 'a better word''s name replaces it in both');
select is(pg_temp.known('{"caller_name": "Hanna Lee"}', '{"parts": {"caller_name": "4"}}', '{"caller_name": "Anna Lee"}'), 'Hanna Lee / Anna Lee / f / {"caller_name": "4"}',
    'but not in a contact that had its name from elsewhere');
select is(pg_temp.known('{"caller_name": "Hanna Lee"}', '{"parts": {"caller_name": "4"}, "named_contact": true}', '{"caller_name": "Somebody Else"}'),
    'Hanna Lee / Anna Lee / t / {"caller_name": "4"}', 'or was given another since');
delete from private.tool_runs where call_id = :'call';
select is(pg_temp.known(), 'Anna Lee / Anna Lee / f / {"caller_name": ""}', 'without any word the call has the name of its contact');
insert into public.contacts (org_id, phone, last_name) values (:'org', '+447700900999', 'Orr') returning id as other \gset
select is(pg_temp.known(jsonb_build_object('contact_id', :'other')), 'Orr / Orr / f / {"caller_name": ""}', 'the contact that is known stays, whatever the number');

-- How they felt.
create function pg_temp.mood(p_said text, p_parts text default '{}', p_values jsonb default '{}', p_connected boolean default true) returns text language sql as $$
    select concat_ws(' / ', coalesce(m.sentiment_label, '-'), coalesce(m.sentiment_score::text, '-'), coalesce(m.sentiment_summary, '-'), coalesce(m.sentiment_urgency, '-'))
    from private.with_mood(pg_temp.a_call(jsonb_build_object('turns', jsonb_build_array(jsonb_build_object('role', 'caller', 'text', p_said))) || p_values), p_parts::jsonb,
    p_connected) as m $$;
select is(pg_temp.mood(said, parts, coalesce(j, '{}')::jsonb), want, format('%s %s', said, j))
from (values
    ('Lovely, excellent, amazing.', '{}', null, 'positive / 0.821 / They sounded pleased. / low'),
    ('Useless, disappointed, terrible.', '{}', null, 'negative / 0.179 / They sounded displeased. / low'),
    ('At ten.', '{}', null, 'neutral / 0.500 / They sounded neither pleased nor displeased. / low'), ('', '{}', null, '- / - / - / low'),
    ('An emergency!', '{}', null, 'neutral / 0.417 / They sounded neither pleased nor displeased. / critical'),
    ('Is it urgent?', '{}', null, 'neutral / 0.417 / They sounded neither pleased nor displeased. / high'),
    ('Today.', '{}', null, 'neutral / 0.545 / They sounded neither pleased nor displeased. / medium'),
    ('Useless.', '{"sentiment_label": "4"}', '{"sentiment_label": "positive"}', 'positive / 0.800 / They sounded pleased. / low'),
    ('Lovely.', '{"sentiment_label": "4"}', '{"sentiment_label": "negative"}', 'negative / 0.200 / They sounded displeased. / low'),
    ('Lovely.', '{"sentiment_label": "4"}', '{"sentiment_label": "neutral"}', 'neutral / 0.500 / They sounded neither pleased nor displeased. / low'),
    ('Useless.', '{"sentiment_score": "4"}', '{"sentiment_score": 0.6}', 'positive / 0.600 / They sounded pleased. / low'),
    ('Lovely.', '{"sentiment_score": "4"}', '{"sentiment_score": 0.4}', 'negative / 0.400 / They sounded displeased. / low'),
    ('Lovely.', '{"sentiment_score": "4"}', '{"sentiment_score": 0.599}', 'neutral / 0.599 / They sounded neither pleased nor displeased. / low'),
    ('Lovely.', '{"sentiment_summary": "4", "sentiment_urgency": "4"}', '{"sentiment_summary": "Asked.", "sentiment_urgency": "critical"}',
     'positive / 0.688 / Asked. / critical')) as v (said, parts, j, want);
select is(pg_temp.mood('Lovely.', '{"sentiment_label": "4"}',
    '{"sentiment_label": "positive", "sentiment_score": 0.9, "sentiment_summary": "Before.", "sentiment_urgency": "high"}', false), 'positive / - / - / -',
    'of a call in which nobody was reached only what the provider said is known');

-- What is written.
select '{"contact_id": null, "status": "completed", "started_at": "2026-03-02T10:00:00+00:00", "ended_at": "2026-03-02T10:01:00+00:00", "duration_seconds": 60, "transcript": "Hi.", "summary": "A call.",
    "sentiment_label": "positive", "sentiment_score": 0.800, "sentiment_summary": "Pleased.", "sentiment_urgency": "low", "phone_number": "+447700900124", "caller_name": "Ann", "provider_call_sid": "CA1",
    "recording_url": "https://a.example/x.wav", "recording_status": "completed", "provider_cost": 0.110000, "appointment_id": null, "tools_used": ["endCall"], "ended_reason": "x", "outcome": "Ann rang.",
    "booking_confirmed": true, "financial_value_pence": 700, "transfer_to": "+442071230000", "transfer_time": "2026-03-02T10:00:30+00:00", "transfer_reason": "Pain", "consent": true,
    "turns": [{"role": "caller", "text": "Hi."}]}'::jsonb || jsonb_build_object('contact_id', :'other') as written \gset
select to_jsonb(c) as before from public.calls c where c.id = :'call' \gset
select is(private.keep_record(pg_temp.a_call(), pg_temp.a_call(), tests.now() + interval '1 minute'), false, 'a record that has not changed is not written');
select is((select to_jsonb(c) from public.calls c where c.id = :'call'), :'before'::jsonb, 'at all');
select is(private.keep_record(pg_temp.a_call(),
    pg_temp.a_call(:'written'::jsonb || '{"cost_cents": 99, "to_number": "+442071239999", "call_direction": "outbound", "vapi_call_id": "x", "created_at": "2020-01-01T00:00:00Z"}'),
    tests.now() + interval '1 minute'), true, 'one that has is');
select is((select to_jsonb(c) from public.calls c where c.id = :'call'), :'before'::jsonb || :'written' || jsonb_build_object('updated_at', tests.now() + interval '1 minute'),
    'all that a word can say, and nothing else');

-- The provider, asked.
select tests.rung(:'org', 'p') as polled, tests.rung(:'org', 'q', '{"ended_at": "2026-03-02T10:01:00Z"}') as ended \gset
select private.record_poll(:'org', gen_random_uuid(), '{"endedReason": "x"}', tests.now()), private.record_poll(:'org', :'polled', null, tests.now()),
    private.record_poll(:'org', :'polled', '[]', tests.now()) \gset
select is((select count(*) from private.call_records where org_id = :'org'), 0::bigint, 'no call, or nothing told, makes no record');
select private.record_poll(:'org', c, '{"startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:01:00Z", "endedReason": "customer-ended-call"}', tests.now())
from unnest(array[:'polled', :'ended']::uuid[]) as c \g /dev/null
select results_eq(format('select r.rank, c.status, c.duration_seconds, length(encode(r.body_hash, ''hex'')) from private.call_records r join public.calls c on c.id = r.call_id where c.id = %L',
    :'polled'),
    $$ values (3::smallint, 'completed', 60, 64) $$, 'what the provider tells when it is asked makes a record, until its report comes');
select is((select jsonb_agg(e.payload) from private.events e where e.org_id = :'org' and e.kind = 'call.ended'),
    jsonb_build_array(jsonb_build_object('call_id', :'polled', 'ended_reason', 'customer-ended-call')),
    'screens hear that it has ended, unless they had heard');

select * from finish();
rollback;

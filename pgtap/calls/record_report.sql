-- The golden record is there after the report, whatever year the report is of, and nonsense in it breaks nothing.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(33);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.org('Record') as org \gset
select tests.rung(:'org', 'now') as now, tests.rung(:'org', 'old', '{"phone_number": null, "from_number": null}') as old,
       tests.rung(:'org', 'asked') as asked, tests.rung(:'org', 'odd') as odd, tests.rung(:'org', 'never') as never,
       tests.rung(:'org', 'fault') as fault, tests.rung(:'org', 'bare') as bare \gset
create temporary table got as select * from public.calls limit 0;

-- A report of today.
insert into got select * from tests.recorded(:'now', $${
    "type": "end-of-call-report", "endedReason": "customer-ended-call", "timestamp": 1772445720000,
    "startedAt": "2026-03-02T10:00:05.250Z", "endedAt": "2026-03-02T10:02:10.100Z", "cost": 0.1234567,
    "customer": {"number": "+447700900123", "name": "Jane  Smith"},
    "compliance": {"recordingConsent": {"type": "verbal", "grantedAt": "2026-03-02T10:00:20Z"}},
    "destination": {"type": "number", "number": "+442071230000"},
    "analysis": {"summary": "She asked about botox.", "structuredData": {"sentiment": "Positive", "sentimentScore": 0.9, "urgency": "HIGH"}},
    "artifact": {
        "transcript": "AI: Hello.\nUser: How much is botox?\n", "recordingUrl": "https://storage.example.com/a.wav",
        "messages": [
            {"role": "system", "message": "You are told things.", "time": 1772445605250, "secondsFromStart": 0},
            {"role": "bot", "message": "Hello.", "time": 1772445606250, "endTime": 1772445607250, "secondsFromStart": 1.004},
            {"role": "user", "message": "How much is botox?", "time": 1772445608250, "endTime": 1772445609250, "secondsFromStart": 3},
            {"role": "tool_calls", "message": "", "time": 1772445610250, "secondsFromStart": 5,
             "toolCalls": [{"id": "t1", "type": "function", "function": {"name": "queryKnowledgeBase", "arguments": "{\"question\": \"price\"}"}}]},
            {"role": "tool_call_result", "name": "queryKnowledgeBase", "result": "From 400 pounds.", "toolCallId": "t1",
             "time": 1772445611250, "secondsFromStart": 6}]}}$$);
select is((select status from got), 'completed', 'a call that was held is completed');
select is((select started_at from got), '2026-03-02 10:00:05.25+00', 'its beginning is the report''s');
select is((select ended_at from got), '2026-03-02 10:02:10.1+00', 'so is its end');
select is((select duration_seconds from got), 124, 'and it lasted the whole seconds between them');
select is((select transcript from got), E'AI: Hello.\nUser: How much is botox?\n', 'its words are kept');
select is((select summary from got), 'She asked about botox.', 'and what they were about');
select is((select turns from got), '[
    {"role": "agent", "text": "Hello.", "at_seconds": 1.00}, {"role": "caller", "text": "How much is botox?", "at_seconds": 3.00},
    {"role": "tool", "text": "queryKnowledgeBase({\"question\": \"price\"})", "at_seconds": 5.00},
    {"role": "tool", "text": "queryKnowledgeBase: From 400 pounds.", "at_seconds": 6.00}]'::jsonb,
    'who said and did what, when, without what the assistant was instructed');
select results_eq('select sentiment_label, sentiment_score, sentiment_urgency from got', $$ values ('positive', 0.900, 'high') $$,
    'the provider''s analysis says how it was');
select is((select caller_name from got), 'Jane Smith', 'who called');
select is((select recording_url || ' ' || recording_status from got), 'https://storage.example.com/a.wav completed', 'where the recording is');
select is((select provider_cost from got), 0.123457, 'what it cost us');
select is((select tools_used from got), '{queryKnowledgeBase}', 'which tools were used');
select is((select transfer_to from got), '+442071230000', 'whom it was passed on to');
select is((select consent from got), true, 'that recording was agreed to');
select is((select financial_value_pence from got), 40000::bigint, 'and what it may be worth: the service it spoke of');
select is((select outcome from got), 'Jane Smith rang and spoke for 2 minutes. They were passed on to a person. They hung up.',
    'three sentences say it for the list');
select is((select c.first_name || '|' || c.last_name || '|' || c.phone from public.contacts c join got g on c.id = g.contact_id),
    'Jane|Smith|+447700900123', 'the caller is a contact now');
delete from got where true;

-- A report of 2024: at the top, with an ISO timestamp, no start, no end, no cost; times begin anew at the second assistant.
insert into got select * from tests.recorded(:'old', $${
    "type": "end-of-call-report", "endedReason": "customer-ended-call", "timestamp": "2024-07-27T21:24:05.712Z",
    "transcript": "AI: One.\nUser: Two.\nAI: Three.\n", "summary": "Numbers.", "recordingUrl": "https://auth.example.com/b.wav",
    "call": {"id": "old", "status": "ringing", "customer": {"number": "+15550100100"}, "phoneCallProviderId": "CA1"},
    "artifact": {"messages": [], "messagesOpenAIFormatted": []},
    "messages": [
        {"role": "system", "message": "No.", "time": 1722115407145, "secondsFromStart": 0},
        {"role": "bot", "message": "One.", "time": 1722115408897.9, "endTime": 1722115411217, "secondsFromStart": 1.52},
        {"role": "user", "message": "Two.", "time": 1722115413717, "endTime": 1722115417097, "secondsFromStart": 6.34},
        {"role": "system", "message": "No.", "time": 1722115426039, "secondsFromStart": 0},
        {"role": "bot", "message": "Three.", "time": 1722115427441, "endTime": 1722115440145, "secondsFromStart": 1.12}]}$$);
select results_eq('select transcript, summary, recording_url, provider_call_sid, provider_cost, phone_number from got',
    $$ values (E'AI: One.\nUser: Two.\nAI: Three.\n', 'Numbers.', 'https://auth.example.com/b.wav', 'CA1', null::numeric, '+15550100100') $$,
    'what stands at the top of an old report is found');
select is((select array_agg(t ->> 'at_seconds') from got, jsonb_array_elements(turns) t), '{1.75,6.57,20.30}',
    'times that begin anew are taken from the clock');
select is((select duration_seconds from got), 31, 'without times it lasted as long as somebody was heard');
delete from got where true;

-- The call as the provider has it when asked.
insert into got select * from tests.recorded(:'asked', $${
    "id": "asked", "status": "ended", "endedReason": "silence-timed-out", "type": "inboundPhoneCall",
    "startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:00:30Z", "costs": [{"type": "vapi", "cost": "0.01"}, {"cost": 0.02}, 5],
    "artifact": {"transcript": "User: Hallo?", "recording": {"mono": {"combinedUrl": "https://storage.example.com/c.wav"}}},
    "analysis": {"summary": ""}}$$, 'poll');
select results_eq('select duration_seconds, transcript, recording_url, provider_cost, summary, ended_reason from got',
    $$ values (30, 'User: Hallo?', 'https://storage.example.com/c.wav', 0.03::numeric, null::text, 'silence-timed-out') $$,
    'a call that was asked for makes a record too');
select is((select turns from got), '[{"role": "caller", "text": "Hallo?", "at_seconds": null}]'::jsonb, 'turns are read off a transcript');
delete from got where true;

-- Nonsense wherever something is expected.
insert into got select * from tests.recorded(:'odd', $${
    "type": "end-of-call-report", "endedReason": 17, "startedAt": "yesterday", "endedAt": {}, "cost": "a lot", "durationSeconds": "61.9",
    "analysis": [1, 2], "customer": "Jane", "call": null, "compliance": 5, "destination": "home", "summary": 5, "recordingUrl": "file:///etc/passwd",
    "artifact": {"transcript": {"no": 1}, "recordingUrl": null, "structuredOutputs": {"a": 7, "b": {"name": "Urgency", "result": null}},
        "transfers": 3, "messages": [null, 5, "x", [], {"role": 4}, {"role": "user", "message": null, "time": "never", "secondsFromStart": "2.5"},
            {"role": "tool_calls", "toolCalls": [null, 3, {"function": "no"}, {"name": "endCall", "arguments": {"a": 1}}]},
            {"role": "user", "message": "Hi", "secondsFromStart": "3.5"}]}}$$);
select results_eq('select ended_reason, duration_seconds, transcript, recording_url, provider_cost, consent, transfer_to from got',
    $$ values ('17', 61, null::text, null::text, null::numeric, null::boolean, null::text) $$, 'nonsense is as if it had not been sent');
select is((select turns from got), '[{"role": "tool", "text": "tool()\nendCall({\"a\": 1})", "at_seconds": null}, {"role": "caller", "text": "Hi", "at_seconds": 3.50}]'::jsonb,
    'what can be read in it is read');
select is((select tools_used from got), '{endCall}', 'tools among it');
delete from got where true;

-- Nobody was reached; a fault; nothing at all.
insert into got select * from tests.recorded(:'never', '{"endedReason": "customer-did-not-answer", "artifact": {"transcript": "AI: This is an emergency."}}');
select results_eq('select status, sentiment_urgency, financial_value_pence, booking_confirmed, outcome from got',
    $$ values ('failed', null::text, 0::bigint, false, 'Jane Smith rang and was not connected. Nothing was booked. Nobody answered.') $$,
    'a call that nobody was reached in failed, and is worth nothing; the contact says who it was');
delete from got where true;
insert into got select * from tests.recorded(:'fault', '{"endedReason": "pipeline-error-openai-voice-failed", "startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:00:09Z"}');
select results_eq('select status, duration_seconds, sentiment_urgency from got', $$ values ('failed', 9, 'low') $$,
    'one that a fault ended failed, and was held');
delete from got where true;
insert into got select * from tests.recorded(:'bare', '{}');
select is((select count(*) from got), 1::bigint, 'a report that says nothing is taken');
select is((select cardinality(regexp_split_to_array(btrim(outcome), '[.] ?')) - 1 from got), 3, 'and has its three sentences');
select lives_ok(format($$ select tests.recorded(%L, %L) $$, :'bare', j), 'whatever it is: ' || j)
from unnest(array['null', '[]', '"text"']) as j;
select throws_ok(format($$ select tests.recorded(%L, '{}', 'hearsay') $$, :'bare'), 'PT422', null, 'but only from a source that is known');

select * from finish();
rollback;

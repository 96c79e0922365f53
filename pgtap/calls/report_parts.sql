-- Each part of a report is read wherever a year put it, as whatever type it came.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(56);

-- Values.
select is(private.report_value(j::jsonb, 'x', 'string') #>> '{}', want, j)
from (values ('{"artifact": {"x": "a"}, "x": "b"}', 'a'), ('{"artifact": {"x": " "}, "x": "b"}', 'b'), ('{"x": null, "call": {"artifact": {"x": "c"}}}', 'c'),
             ('{"x": 5, "call": {"x": "d"}}', 'd'), ('{"artifact": [], "call": "x"}', null), ('[]', null), ('null', null)) as v (j, want);
select is(private.report_value('{"artifact": {"x": []}, "x": [1]}', 'x', 'array'), '[1]', 'an empty list is passed over');
select is(private.report_number(j::jsonb), want, j)
from (values ('1.5', 1.5), ('"1.5"', 1.5), ('" -2 "', -2), ('"1e9"', null), ('"NaN"', null), ('"Infinity"', null), ('1e300', null), ('true', null), ('null', null), ('""', null)) as v (j, want);

-- Times.
select is(private.report_times(j::jsonb) - 'x', want::jsonb, j)
from (values
    ('{"startedAt": "2026-03-02T10:00:00.900Z", "endedAt": "2026-03-02T10:00:02.800Z"}', '{"started_at": "2026-03-02T10:00:00.9+00:00", "ended_at": "2026-03-02T10:00:02.8+00:00", "duration_seconds": 1}'),
    ('{"startedAt": 1772445600000, "durationMs": 2999.9}', '{"started_at": "2026-03-02T10:00:00+00:00", "ended_at": "2026-03-02T10:00:02.9999+00:00", "duration_seconds": 2}'),
    ('{"startedAt": "2026-03-02T10:00:09Z", "endedAt": "2026-03-02T10:00:02Z"}', '{"started_at": "2026-03-02T10:00:09+00:00", "ended_at": "2026-03-02T10:00:02+00:00", "duration_seconds": 0}'),
    ('{"startedAt": "1970-01-01T00:00:00Z", "endedAt": "2026-03-02T10:00:02Z"}', '{"started_at": "1970-01-01T00:00:00+00:00", "ended_at": "2026-03-02T10:00:02+00:00"}'),
    ('{"call": {"startedAt": "2026-03-02T10:00:00Z"}, "durationMinutes": "1.5"}', '{"started_at": "2026-03-02T10:00:00+00:00", "ended_at": "2026-03-02T10:01:30+00:00", "duration_seconds": 90}'),
    ('{"durationSeconds": -5}', '{}'), ('{"durationSeconds": 1e12}', '{}'), ('{"startedAt": "soon", "endedAt": []}', '{}'), ('5', '{}')) as v (j, want);
select is(private.talked_times('{"messages": [{"role": "system", "time": 1772445500000}, {"role": "bot", "time": 1772445600000}, {"role": "user", "time": 1772445601000, "endTime": 1772445602500}, 5]}'),
    '{"started_at": "2026-03-02T10:00:00+00:00", "ended_at": "2026-03-02T10:00:02.5+00:00"}', 'somebody was heard from the first word to the end of the last');
select is(private.talked_times('{"messages": [{"role": "system", "time": 1772445500000}]}'), '{}', 'what the assistant was instructed is not heard');

-- Turns.
select is(private.report_turns('{"artifact": {"messagesOpenAIFormatted": [{"role": "system", "content": "No."}, {"role": "assistant", "content": "Hi.", "tool_calls": []}, {"role": "user", "content": "Yes."}]}}'),
    '[{"role": "agent", "text": "Hi.", "at_seconds": null}, {"role": "caller", "text": "Yes.", "at_seconds": null}]', 'a history in another provider''s format is read');
select is(private.report_turns('{"transcript": "AI: One\n\nuser:Two\nand three\n Four: five\nAgent: "}'),
    '[{"role": "agent", "text": "One", "at_seconds": null}, {"role": "caller", "text": "Two and three  Four: five", "at_seconds": null}]', 'a transcript is taken apart, lines that go on with it');
select is(private.report_turns('{"transcript": "No names here."}'), null, 'one without names has no turns');
select is(private.report_turns('{"messages": [{"role": "user", "message": "Hi", "secondsFromStart": -3}]}'), '[{"role": "caller", "text": "Hi", "at_seconds": 0.00}]', 'nothing is said before the call');

-- Tools, money, recordings.
select is(private.report_tools('{"messages": [{"role": "tool_calls", "toolCalls": [{"function": {"name": "b"}}, {"name": "a"}, {"function": {"name": "b"}}, {"name": "bad name"}, 5]}, 7], "messagesOpenAIFormatted": [{"tool_calls": [{"function": {"name": "c"}}]}]}'),
    '{a,b,c}', 'a tool is named once, however often it was used, wherever it stands');
select is(private.report_cost(j::jsonb), want, j)
from (values ('{"cost": 0.1, "costs": [{"cost": 9}]}', 0.1), ('{"costBreakdown": {"total": "0.2"}}', 0.2), ('{"costs": [{"cost": 0.1}, {"cost": 0.25}, {"type": "free"}]}', 0.35),
             ('{"cost": -1}', null), ('{"cost": 1e12}', null), ('{"costs": "many"}', null)) as v (j, want);
select is(private.report_recording(j::jsonb), want, j)
from (values ('{"recordingUrl": "https://a.example/x.wav", "stereoRecordingUrl": "https://a.example/s.wav"}', 'https://a.example/x.wav'),
             ('{"artifact": {"recording": {"stereoUrl": "https://a.example/s.wav"}}}', 'https://a.example/s.wav'),
             ('{"recordingUrl": "javascript:alert(1)"}', null), ('{"recordingUrl": "https://a.example/x y"}', null), ('{"recordingUrl": {}}', null)) as v (j, want);

-- What the analysis was asked for.
select is(private.report_answers('{"analysis": {"structuredData": {"Caller Name": "Jane", "none": null}}, "artifact": {"structuredOutputs": {"u1": {"name": "Urgency", "result": "high"}, "u2": {"result": {"sentiment_score": 0.4}}, "u3": 5}}}'),
    '{"callername": "Jane", "urgency": "high", "sentimentscore": 0.4}', 'answers are found in either form, under whatever writing of their names');
select is(private.report_name(j::jsonb), want, j)
from (values ('{"customer": {"name": " Jane  Smith "}}', 'Jane Smith'), ('{"customer": {"name": "Unknown"}, "analysis": {"structuredData": {"patient_name": "Ann"}}}', 'Ann'),
             ('{"call": {"customer": {"name": "Bob"}}}', 'Bob'), ('{"customer": {"name": ["x"]}}', null)) as v (j, want);
select is(private.report_consent(j::jsonb), want, j)
from (values ('{"compliance": {"recordingConsent": {"type": "verbal"}}}', false), ('{"call": {"compliance": {"recordingConsent": {"grantedAt": "2026-03-02T10:00:00Z"}}}}', true),
             ('{"analysis": {"structuredData": {"recordingConsent": "Yes"}}}', true), ('{"compliance": []}', null)) as v (j, want);
select is(private.report_transfer('{"artifact": {"transfers": [{"destination": {"number": "+442071230000"}}], "messages": [{"role": "tool_calls", "time": 1772445600000, "toolCalls": [{"function": {"name": "transferCall", "arguments": {"reason": "asked for a nurse"}}}]}]}}'),
    '{"transfer_to": "+442071230000", "transfer_time": "2026-03-02T10:00:00+00:00", "transfer_reason": "asked for a nurse"}', 'a transfer has its number, its time and its reason');
select is(private.report_transfer('{"destination": {"sipUri": "sip:x@example.com"}}'), '{}', 'one to no number is none');

select * from finish();
rollback;

-- What was said is found in a message of Vapi's however it is written, and what is not there is as if nobody had sent it.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(70);

-- Lists, and whose assistant.
select is(array(select private.json_items(j::jsonb)), want::jsonb[], coalesce(j, 'nothing'))
from (values ('[{"a": 1}, 5, "x", null, [{"b": 2}], {"c": 3}]', array['{"a": 1}', '{"c": 3}']), ('{"a": 1}', array['{"a": 1}']),
             ('[]', '{}'), ('"[{}]"', '{}'), ('null', '{}'), ('5', '{}'), (null, '{}')) as v (j, want);
select is(private.assistant_of_message(j::jsonb), want, coalesce(j, 'no message has no assistant'))
from (values ('{"call": {"assistantId": "a1"}, "assistant": {"id": "a2"}}', 'a1'), ('{"call": {"assistantId": null}, "assistant": {"id": "a2"}}', 'a2'),
             ('{"call": {}, "assistant": {}}', null), ('{"assistantId": "a1"}', null), (null, null)) as v (j, want);

-- The caller's last words.
select is(private.words_of_caller(j::jsonb), want, j)
from (values
    ('{"artifact": {"messages": null}, "messages": [{"role": "user", "message": "Hello."}]}', 'Hello.'),
    ('{"artifact": {"messages": [{"role": "bot", "message": "Hi."}, {"role": "user", "message": "One."}, {"role": "user", "content": "Two."}]}, "messages": [{"role": "user", "message": "No."}]}',
     'One. Two.'),
    ('{"artifact": {"messages": []}, "messages": [{"role": "user", "message": "Listed."}], "conversation": [{"role": "user", "content": "No."}]}', 'Listed.'),
    ('{"messages": [], "conversation": [{"role": "user", "content": "Talked."}]}', 'Talked.'),
    ('{"artifact": {"messagesOpenAIFormatted": [{"role": "user", "content": "Formatted."}]}}', 'Formatted.'),
    ('{"messages": [{"role": "bot", "message": "Hi."}, {"role": "assistant", "content": "Hi."}, "user"]}', null), ('{}', null)) as v (j, want);
select is(private.words_of_caller(jsonb_build_object('messages', (select jsonb_agg(jsonb_build_object('role', 'user', 'message', n)) from generate_series(1, 12) n))),
    '3 4 5 6 7 8 9 10 11 12', 'the last ten turns, in their order');
select is(length(private.words_of_caller(jsonb_build_object('messages', jsonb_build_array(jsonb_build_object('role', 'user', 'message', repeat('x', 3000)))))), 2000,
    'of a long turn the beginning');
select is(private.words_of_caller(jsonb_build_object('messages', (select jsonb_agg(jsonb_build_object('role', 'user', 'message', n || repeat('x', 1900)))
    from generate_series(1, 4) n))), concat_ws(' ', repeat('x', 196), '3' || repeat('x', 1900), '4' || repeat('x', 1900)),
    'of all of it no more than the last four thousand characters');

-- JSON that does not read as it is.
select is(private.readable_json(j), want::jsonb, coalesce(j, 'nothing is nothing'))
from (values
    ('{"a": "x\u0000y", "b\u0000": 1}', '{"a": "xy", "b": 1}'), ('["\u0000\u0000", "\\u0000", "\\\u0000"]', '["", "\\u0000", "\\"]'),
    ('["\ud83d", "\uD83D!", "\ud83d\ud83d\ude00"]', '["\ufffd", "\ufffd!", "\ufffd\ud83d\ude00"]'),
    ('["\ude00", "\ud83d\ude00\ude00", "\ude00\ud83d"]', '["\ufffd", "\ud83d\ude00\ufffd", "\ufffd\ufffd"]'),
    ('["\\ud83d\ude00", "\\\\ud83d\ude00", "\\\ud83d\ude00"]', '["\\ud83d\ufffd", "\\\\ud83d\ufffd", "\\\ud83d\ude00"]'),
    ('["\ud83d\\ude00", "\\\ud83d\\\ude00"]', '["\ufffd\\ude00", "\\\ufffd\\\ufffd"]'),
    ('{"a": 1}', '{"a": 1}'), ('"text', null), ('', null), (null, null)) as v (j, want);
select is(private.readable_json(repeat('[', 100000)), null, 'brackets without end are no JSON');

-- One message of a history.
select is(private.turn_text(j::jsonb), want, j)
from (values
    ('{"role": "user", "message": " Hi. ", "content": "No."}', 'Hi.'), ('{"role": "user", "content": "Hi."}', 'Hi.'), ('{"role": "user", "message": "  "}', null),
    ('{"role": "user"}', null),
    ('{"role": "tool_call_result", "name": "endCall", "result": "Bye.", "content": "No."}', 'endCall: Bye.'),
    ('{"role": "tool", "name": "endCall", "content": "Bye."}', 'endCall: Bye.'),
    ('{"role": "function_call_result", "result": "Bye."}', 'Bye.'), ('{"role": "tool", "name": "endCall"}', 'endCall'),
    ('{"role": "tool_calls", "message": "", "toolCalls": [{"function": {"name": "a", "arguments": "{}"}}, {"name": "b", "parameters": {"x": 1}}, 5, {}]}',
     E'a({})\nb({"x": 1})\ntool()'),
    ('{"role": "assistant", "content": "One moment.", "tool_calls": [{"function": {"name": "a"}}]}', E'One moment.\na()'), ('{"role": "bot", "message": "Hi.", "toolCalls": []}', 'Hi.'),
    ('{"role": "bot", "toolCalls": null, "tool_calls": [{"function": {"name": "a"}}]}', 'a()'),
    ('{"role": "bot", "message": "Hi.", "toolCalls": "none"}', 'Hi.')) as v (j, want);
select is(length(private.turn_text(jsonb_build_object('role', 'tool', 'result', repeat('x', 5000)))), 4000, 'of a long answer the beginning');
select is(length(private.turn_text(jsonb_build_object('toolCalls', jsonb_build_array(jsonb_build_object('name', 'a', 'arguments', repeat('x', 5000)))))), 4003, 'and of what was asked');

-- A transcript.
select is(private.transcript_turns(t), want::jsonb, what)
from (values
    (E'AI: One.\nUser: Two.\nBot: Three.',
     '[{"role": "agent", "text": "One.", "at_seconds": null}, {"role": "caller", "text": "Two.", "at_seconds": null}, {"role": "agent", "text": "Three.", "at_seconds": null}]',
     'each line is a turn of who stands before it'),
    (E'customer : One.\n  CALLER: Two.\nHuman:Three.\nAssistant: Four.',
     '[{"role": "caller", "text": "One.", "at_seconds": null}, {"role": "caller", "text": "Two.", "at_seconds": null}, {"role": "caller", "text": "Three.", "at_seconds": null}, {"role": "agent", "text": "Four.", "at_seconds": null}]',
     'whatever they are called, in any case'),
    (E'AI: One.\r\nUser: Two.\r\n',
     '[{"role": "agent", "text": "One.", "at_seconds": null}, {"role": "caller", "text": "Two.", "at_seconds": null}]', 'whatever ends a line'),
    (E'User: One\n\nand two\nTime: three', '[{"role": "caller", "text": "One and two Time: three", "at_seconds": null}]',
     'a line that nobody stands before goes on with the one before'),
    (E'Noise.\nUser: One.', '[{"role": "caller", "text": "One.", "at_seconds": null}]', 'what comes before anybody speaks is left out'),
    (E'User:\nAI: One.\nUser: ', '[{"role": "agent", "text": "One.", "at_seconds": null}]', 'who says nothing has no turn'),
    ('Just words.', '[]', 'without anybody there are none'), ('', '[]', 'nor without a word'), (null, '[]', 'nor without a transcript')) as v (t, want, what);

-- The provider's opinion.
select is(private.report_opinion(jsonb_build_object('analysis', jsonb_build_object('structuredData', j::jsonb))), want::jsonb, j)
from (values
    ('{"sentimentLabel": "Very Happy", "sentimentScore": "0.91251", "sentimentSummary": " Pleased. ", "sentimentUrgency": "Urgent"}',
     '{"sentiment_label": "positive", "sentiment_score": 0.913, "sentiment_summary": "Pleased.", "sentiment_urgency": "high"}'),
    ('{"sentiment": "dissatisfied", "urgency": "Emergency!"}', '{"sentiment_label": "negative", "sentiment_urgency": "critical"}'),
    ('{"caller_sentiment": "mixed", "urgency_level": "normal"}', '{"sentiment_label": "neutral", "sentiment_urgency": "medium"}'),
    ('{"sentimentLabel": "neutral", "sentiment": "positive", "urgency": "none"}', '{"sentiment_label": "neutral", "sentiment_urgency": "low"}'),
    ('{"sentiment": -0.5}', '{"sentiment_score": 0.250}'),
    ('{"sentiment": 0}', '{"sentiment_score": 0.000}'), ('{"sentimentScore": 1}', '{"sentiment_score": 1.000}'), ('{"sentimentScore": 80}', '{"sentiment_score": 0.800}'),
    ('{"sentimentScore": -1}', '{"sentiment_score": 0.000}'),
    ('{"sentimentScore": 101, "sentiment": "so-so", "urgency": 3, "sentimentSummary": ["x"]}', '{}'), ('{"sentimentScore": -2, "sentimentSummary": " "}', '{}'),
    ('{}', '{}')) as v (j, want);
select is(length(private.report_opinion(jsonb_build_object('analysis',
    jsonb_build_object('structuredData', jsonb_build_object('sentimentSummary', repeat('x', 3000))))) ->> 'sentiment_summary'), 2000,
    'of a long summary the beginning');

select * from finish();
rollback;

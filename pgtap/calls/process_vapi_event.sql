-- Every type of message does what it should to its own call, and none does harm to anybody's.
begin;
select plan(14);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
create temporary table c as select tests.let_in('c1', tests.now()) as id;

select is(jsonb_array_length(tests.hear_vapi(tests.vapi_message('tool-calls', 'c1',
    '{"toolCallList": [{"id": "t1", "function": {"name": "noSuchTool", "arguments": "{}"}}]}'), tests.now()) -> 'results'), 1,
    'every tool call has its answer');
select is(tests.hear_vapi(tests.vapi_message('transfer-destination-request', 'c1'), tests.now()) ?| array['destination', 'error'],
    true, 'who is to be passed on hears to whom, or why not');
select is(tests.hear_vapi(tests.vapi_message('hang', 'c1'), tests.now()), null, 'what asks nothing is answered nothing');
select is(tests.hear_vapi(tests.vapi_message('brand.new', 'c1', '{"call": {"id": "c1"}}'), tests.now()), null,
    'neither is what nobody knows');
select is((select org_id from private.webhook_inbox where event_type = 'brand.new'), (select id from o),
    'but it is kept as its organisation''s');
select is(tests.hear_vapi('{"type": "tool-calls", "toolCallList": [{"id": "t9", "name": "takeMessage"}]}', tests.now())
    #>> '{results,0,toolCallId}', 't9', 'a tool call about nobody''s call is answered, too');
select is((select count(*) from public.messages), 0::bigint, 'and does nothing');
select lives_ok($$ select tests.hear_vapi('{"type": "end-of-call-report", "endedReason": 7, "call": "none"}', tests.now()) $$,
    'a report without a call does no harm');
select lives_ok($$ select tests.hear_vapi('{"type": 5, "call": {"id": ["c1"]}}', tests.now()) $$, 'nor does nonsense');

select is(private.vapi_call_id('{"call": {"id": "c1"}}'), 'c1', 'a call is named by its id');
select is(private.vapi_text('{"a": {"b": " x "}}', '{a,b}', 5), 'x', 'texts are read from wherever they stand');
select is(private.vapi_text('{"a": {"b": {"c": 1}}}', '{a,b}', 5), null, 'and only texts');
select is(private.our_number('{"call": {"phoneNumber": {"number": "+442071230001"}}}'), '+442071230001', 'our number may stand in the call');
select is(private.call_sid_of('{"call": {"transport": {"callSid": "CA1"}}}'), 'CA1', 'and the carrier''s name in its transport');

select * from finish();
rollback;

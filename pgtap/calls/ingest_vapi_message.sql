-- A message is kept once: Vapi sends no id, so the call, the type and what is asked for tell them apart.
begin;
select plan(16);

select tests.freeze_time('2026-03-02 10:00+00');
create function pg_temp.ingest(p_text text) returns table (id uuid, fresh boolean, message_type text, question boolean)
language sql as $$ select i.* from private.ingest_vapi_message('{}', convert_to(p_text, 'UTF8'), tests.now()) i; $$;
create function pg_temp.fresh(p_text text) returns boolean
language sql as $$ select i.fresh from pg_temp.ingest(p_text) i; $$;

select results_eq(
    $$ select fresh, message_type, question from pg_temp.ingest('{"message": {"type": "assistant-request", "call": {"id": "c1"}}}') $$,
    $$ values (true, 'assistant-request', true) $$, 'a question is kept, and said to be one');
select is(pg_temp.fresh('{"message": {"type": "assistant-request", "timestamp": 7, "call": {"id": "c1"}}}'), false,
    'a call rings once, whatever else the message says');
select is(pg_temp.fresh('{"message": {"type": "assistant-request", "call": {"id": "c2"}}}'), true, 'another call is another message');

select is(pg_temp.fresh('{"message": {"type": "status-update", "status": "in-progress", "call": {"id": "c1"}}}'), true,
    'a status is kept');
select is(pg_temp.fresh('{"message": {"type": "status-update", "status": "in-progress", "timestamp": 5, "call": {"id": "c1"}}}'),
    false, 'the same status again is not');
select is(pg_temp.fresh('{"message": {"type": "status-update", "status": "ended", "call": {"id": "c1"}}}'), true,
    'another status is');

select is(pg_temp.fresh('{"message": {"type": "tool-calls", "call": {"id": "c1"}, "toolCallList": [{"id": "b"}, {"id": "a"}]}}'),
    true, 'tool calls are kept');
select is(pg_temp.fresh('{"message": {"type": "tool-calls", "timestamp": 9, "call": {"id": "c1"}, "toolWithToolCallList":
    [{"toolCall": {"id": "a"}}, {"toolCall": {"id": "b"}}]}}'), false, 'the same tool calls in the other shape are the same');
select is(pg_temp.fresh('{"message": {"type": "tool-calls", "call": {"id": "c1"}, "toolCallList": [{"id": "c"}]}}'), true,
    'other tool calls are not');

select is(pg_temp.fresh('{"message": {"type": "end-of-call-report", "call": {"id": "c1"}, "endedReason": "x"}}'), true,
    'a report is kept');
select is(pg_temp.fresh('{"message": {"type": "end-of-call-report", "call": {"id": "c1"}, "endedReason": "y"}}'), true,
    'a report that says something else is kept as well');
select is(pg_temp.fresh('{"message": {"type": "end-of-call-report", "call": {"id": "c1"}, "endedReason": "y"}}'), false,
    'but not the same one twice');

select results_eq(
    $$ select id, fresh, question from pg_temp.ingest('{"message": {"type": "speech-update", "call": {"id": "c1"}}}') $$,
    $$ values (null::uuid, false, false) $$, 'what says nothing that lasts is not kept');
select results_eq(
    $$ select fresh, message_type, question from pg_temp.ingest('{"message": {"type": "something.new", "call": {"id": "c1"}}}') $$,
    $$ values (true, 'something.new', false) $$, 'a type nobody knows is kept, and waits for no answer');
select is(pg_temp.fresh('{"message": {"type": "hang", "note": "a\u0000b"}}'), true, 'a NUL in a text does no harm');
select tests.throws_code($$ select pg_temp.ingest('{"message": ') $$, 'invalid_json', 'what is no JSON is refused');

select * from finish();
rollback;

-- What Vapi sent is read leniently, and refused in words when it cannot be read at all.
begin;
select plan(14);

create function pg_temp.event(p_text text) returns jsonb
language sql as $$ select private.vapi_event(convert_to(p_text, 'UTF8')); $$;

select is(pg_temp.event('{"message": {"type": "hang"}}'), '{"type": "hang"}', 'the message is what the envelope holds');
select is(pg_temp.event('{"type": "hang"}'), '{"type": "hang"}', 'without an envelope it is the message itself');
select is(pg_temp.event('{"a": "x\u0000y"}'), '{"a": "xy"}', 'a NUL is left out');
select is(pg_temp.event('{"a": "x\\u0000y"}'), '{"a": "x\\u0000y"}', 'what only looks like one stays');
select is(pg_temp.event('{"a": "x\\\u0000y"}'), '{"a": "x\\y"}', 'a backslash before one does not hide it');
select is(pg_temp.event('{"a": "cut \ud83d"}'), '{"a": "cut \ufffd"}', 'half a character that was cut off is marked');
select is(pg_temp.event('{"a": "\ude00 cut"}'), '{"a": "\ufffd cut"}', 'the other half as well');
select is(pg_temp.event('{"a": "\u0000\ud83d\ude00 \ud83d\ud83d\ude00"}'), '{"a": "\ud83d\ude00 \ufffd\ud83d\ude00"}',
    'a whole one beside it stays whole');
select is(pg_temp.event('{"a": "\\\\ud83d \ud83d"}'), '{"a": "\\\\ud83d \ufffd"}', 'what only looks like half of one stays');
select tests.throws_code($$ select pg_temp.event('{"a": \ud83d}') $$, 'invalid_json', 'outside of a text it is no JSON');
select tests.throws_code($$ select pg_temp.event('') $$, 'invalid_json', 'nor is nothing at all');
select tests.throws_code($$ select pg_temp.event('[1]') $$, 'invalid_json', 'a list is no message');
select tests.throws_code($$ select private.vapi_event('\xff00'::bytea) $$, 'invalid_json', 'neither are bytes that are no text');
select tests.throws_code($$ select pg_temp.event(repeat('[', 100000)) $$, 'invalid_json', 'nor brackets without end');

select * from finish();
rollback;

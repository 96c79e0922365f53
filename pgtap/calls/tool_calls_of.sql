-- Tool calls are read in every shape Vapi has sent since 2024.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(41);

create function pg_temp.read(p_message jsonb) returns text language sql as $$
    select string_agg(format('%s %s %s', tool_call_id, tool_name, arguments), '; ') from private.tool_calls_of(p_message) $$;
create function pg_temp.one(p_call jsonb) returns jsonb language sql as $$ select jsonb_build_object('toolCallList', jsonb_build_array(p_call)) $$;

-- Shapes.
select is(pg_temp.read(pg_temp.one('{"id": "a", "type": "function", "function": {"name": "f", "arguments": {"x": 1}}}')), 'a f {"x": 1}', 'nested, an object');
select is(pg_temp.read(pg_temp.one('{"id": "a", "function": {"name": "f", "arguments": "{\"x\": 1}"}}')), 'a f {"x": 1}', 'nested, a text');
select is(pg_temp.read(pg_temp.one('{"id": "a", "name": "f", "parameters": {"x": 1}}')), 'a f {"x": 1}', 'flat, with parameters');
select is(pg_temp.read(pg_temp.one('{"id": "a", "name": "f", "arguments": {"x": 1}}')), 'a f {"x": 1}', 'flat, with arguments');
select is(pg_temp.read('{"toolCalls": [{"id": "a", "function": {"name": "f", "arguments": {"x": 1}}}]}'), 'a f {"x": 1}', '2024''s list alone');
select is(pg_temp.read('{"toolWithToolCallList": [{"function": {"name": "f", "parameters": {"type": "object"}}, "toolCall": {"id": "a", "function": {"name": "f", "arguments": "{\"x\": 1}"}}}]}'),
    'a f {"x": 1}', 'with its definition: the schema is no argument');
select is(pg_temp.read('{"toolWithToolCallList": [{"name": "f", "toolCall": {"id": "a", "parameters": {"x": 1}}}]}'), 'a f {"x": 1}', 'the name stands outside');
select is(pg_temp.read('{"toolWithToolCallList": [{"name": "f", "toolCall": {"id": "a", "function": {"name": "f", "parameters": {"x": 1}}}}]}'), 'a f {"x": 1}', 'nested parameters');
select is(pg_temp.read('{"toolCallList": [{"id": "a", "name": "f"}], "toolCalls": [{"id": "a", "function": {"name": "f", "arguments": {"x": 1}}}]}'),
    'a f {"x": 1}', 'what one list lacks another has');
select is(pg_temp.read('{"toolCallList": [{"id": "a", "name": "f", "arguments": {"x": 1}}], "toolCalls": [{"id": "a", "name": "f", "arguments": {"x": 2}}]}'),
    'a f {"x": 1}', 'a call in both lists is one, as the first has it');
select is(pg_temp.read('{"toolCallList": [{"id": "b", "name": "g"}, {"id": "a", "name": "f"}], "toolWithToolCallList": [{"name": "h", "toolCall": {"id": "c"}}, {"name": "f", "toolCall": {"id": "a"}}]}'),
    'b g {}; a f {}; c h {}', 'in their order');
select is(pg_temp.read('{"toolCallList": {"id": "a", "name": "f"}}'), 'a f {}', 'one that is no list');
select is(pg_temp.read(pg_temp.one('{"id": "a"}')), 'a  {}', 'one without a name is answered, too');
select is(pg_temp.read(pg_temp.one('{"name": "f"}')), ' f {}', 'and one without an id');
select is(pg_temp.read(m::jsonb), null, m || ' has none')
from unnest(array['{}', '{"toolCallList": null}', '{"toolCallList": "x"}', '{"toolCallList": [1, null, "x"]}', '{"toolCallList": []}']) as m;

-- Arguments.
select is(private.tool_arguments(a::jsonb), e::jsonb, coalesce(a, 'nothing'))
from (values
    ('{"x": 1}', '{"x": 1}'), ('"{\"x\": 1}"', '{"x": 1}'), ('"\"{\\\"x\\\": 1}\""', '{"x": 1}'), ('"nonsense"', '{}'), ('""', '{}'), ('"{"', '{}'),
    ('[1]', '{}'), ('7', '{}'), ('true', '{}'), ('null', '{}'), ('"[1]"', '{}'), (null, '{}')) as v (a, e);

-- One argument.
select is(private.tool_argument('{"newDate": "1"}', 'newdate'), '1', 'camelCase');
select is(private.tool_argument('{"new_date": "1"}', 'newdate'), '1', 'snake_case');
select is(private.tool_argument('{"New-Date": "1"}', 'newdate'), '1', 'any case');
select is(private.tool_argument('{"b": "2", "a": "1"}', 'a', 'b'), '1', 'the first of its names');
select is(private.tool_argument('{"a": "", "b": "2"}', 'a', 'b'), '2', 'that has something to it');
select is(private.tool_argument('{"a": 7}', 'a'), '7', 'a number');
select is(private.tool_argument('{"a": {"x": 1}}', 'a'), null, 'no object');
select is(private.tool_argument(jsonb_build_object('a', E'  x\n\ty '), 'a'), 'x y', 'in one line');
select is(private.tool_argument('{"a": "null"}', 'a'), null, 'what agents write for nothing is nothing');
select is(length(private.tool_argument(jsonb_build_object('a', repeat('x', 5000)), 'a')), 2000, 'not without end');

select * from finish();
rollback;

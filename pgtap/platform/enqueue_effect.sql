begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);

select private.enqueue_effect('00000000-0000-4000-8000-000000000001', 'test.plain', '{"a": 1}') as first \gset
select private.enqueue_effect(null, 'test.plain', null, p_priority => 11) as second \gset
select results_eq(
    format('select org_id, kind, payload, state, run_at = now(), attempts, priority::int from private.effects where id = %L', :'first'),
    $$ values ('00000000-0000-4000-8000-000000000001'::uuid, 'test.plain', '{"a": 1}'::jsonb, 'ready', true, 0, 100) $$,
    'an effect is ready at once, with its kind''s priority');
select results_eq(
    format('select payload, priority::int from private.effects where id = %L', :'second'),
    $$ values ('{}'::jsonb, 50) $$, 'a priority between the classes is rounded up');
select is(current_setting('voxanne.wake'), 'on'::text, 'the server is told to wake its workers');
select ok(:'first' < :'second', 'ids follow the order of enqueueing');
select matches(:'first'::text, '^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$', 'an id is a UUID of version 8');
select is(
    (select count(distinct substr(private.next_effect_id()::text, 20)) from generate_series(1, 100)), 100::bigint,
    'the second half of an id is random');

select private.enqueue_effect(null, 'test.plain', '1', 'key') as one \gset
select private.enqueue_effect(null, 'test.plain', '2', 'key') as two \gset
select private.enqueue_effect(null, 'test.plain', '3', 'other') as three \gset
select results_eq(
    $$ select payload::text, state from private.effects where queue_key is not null order by id $$,
    $$ values ('1', 'ready'), ('2', 'waiting'), ('3', 'ready') $$, 'only the head of a key is ready');
select results_eq(
    format('select run_at from private.effects where id = %L',
           private.enqueue_effect(null, 'test.plain', '{}', p_run_at => '2030-01-01 10:00+00')),
    $$ values ('2030-01-01 10:00+00'::timestamptz) $$, 'an effect may be for later');
select throws_ok(
    $$ select private.enqueue_effect(null, 'test.unknown', '{}') $$, 'XX000', 'There is no effect kind test.unknown.',
    'a kind nobody knows is a mistake of ours');
select throws_ok(
    $$ select private.enqueue_effect(null, 'test.plain', '{}', '') $$, '23514', null, 'a key is not empty');

select ok(
    not has_function_privilege('authenticated', 'private.enqueue_effect(uuid, text, jsonb, text, timestamptz, integer)', 'execute'),
    'no client may enqueue');
select private.enqueue_ping('{"n": 1}') as ping \gset
select is((select kind || ' ' || priority from private.effects where id = :'ping'), 'platform.ping 10', 'a ping is urgent');
select is((select payload from private.effects where id = :'ping'), '{"n": 1}'::jsonb, 'a ping carries what it is to answer');
select finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);

select private.enqueue_effect(null, 'test.plain', '"bulk"', p_priority => 200);
select private.enqueue_effect(null, 'test.plain', '"later"', p_run_at => now() + interval '1 minute');
select private.enqueue_effect(null, 'test.plain', '"second"', p_run_at => now() - interval '1 second');
select private.enqueue_effect(null, 'test.plain', '"first"', p_run_at => now() - interval '2 seconds');
select private.enqueue_effect(null, 'test.saga', '"urgent"', p_priority => 10);

select results_eq(
    $$ select payload #>> '{}' from private.claim_effects('w', 2) order by 1 $$,
    $$ values ('first'), ('urgent') $$, 'the most urgent class first, then what is due longest');
select results_eq(
    $$ select payload #>> '{}', attempts, lease_seconds, timeout_seconds, alone, late_seconds
        from private.claim_effects('w', 10, array['test.plain']) order by 1 $$,
    $$ values ('bulk', 1, 30::float8, 5::float8, false, 0::float8), ('second', 1, 30, 5, false, 1) $$,
    'the rest that is due, with what the worker needs to know');
select is(current_setting('synchronous_commit'), 'off'::text, 'no claim waits for the disk');
select is_empty($$ select private.claim_effects('w', 10) $$, 'nobody gets what is running, or not due yet');
select results_eq(
    $$ select distinct worker, lease_until from private.effects where state = 'running' $$,
    $$ values ('w', now() + interval '30 seconds') $$, 'what is handed out is under a lease');
select is((select count(distinct lease_token) from private.effects), 4::bigint, 'each has a token of its own');
select results_eq(
    $$ select payload #>> '{}' from private.claim_effects('w', 10, p_now => now() + interval '1 minute') $$,
    $$ values ('later') $$, 'it is handed out when its time comes');
select ok((select alone from private.claim_effects('w', 10)) is null, 'nothing is left');

-- Keys.
select private.enqueue_effect(null, 'test.plain', to_jsonb(n), 'k') from generate_series(1, 3) as n;
select private.enqueue_effect(null, 'test.plain', '9', 'l');
select results_eq(
    $$ select payload::text, alone from private.claim_effects('w', 10) order by 1 $$,
    $$ values ('1', true), ('9', true) $$, 'of each key its head, which is finished by itself');
update private.effects set state = 'ready' where payload = '2';
select is_empty($$ select private.claim_effects('w', 10) $$, 'not what is ready behind one that runs');
update private.effects set state = 'ready', lease_token = null, lease_until = null, run_at = now() + interval '1 hour'
where payload = '1';
select is_empty($$ select private.claim_effects('w', 10) $$, 'nor behind one that waits for its next attempt');
delete from private.effects where payload = '1';
select results_eq(
    $$ select payload::text from private.claim_effects('w', 10) $$, $$ values ('2') $$, 'but when that is gone');
select throws_ok(
    $$ update private.effects set state = 'running', lease_token = gen_random_uuid(), lease_until = now() where payload = '3' $$,
    '23505', null, 'two of one key cannot run, whatever a claim believes');

-- Kinds and how far back to look.
select private.enqueue_effect(null, 'test.saga', '{}', p_run_at => now() - interval '10 seconds');
select is_empty($$ select private.claim_effects('w', 10, array['test.plain', 'test.none']) $$, 'not of kinds the worker does not know');
select is_empty(
    $$ select private.claim_effects('w', 10, null, array[null, null, 9, null]) $$, 'not from before what was seen empty');
select is(
    (select count(*) from private.claim_effects('w', 10, null, array[1, 1, 11, 1])), 1::bigint, 'from there on it is');
select is((select count(*) from private.claim_effects('w', 0)), 0::bigint, 'a claim of nothing gets nothing');
select private.enqueue_effect(null, 'test.plain', '{}');
select is((select count(*) from private.claim_effects('w', 10, '{}')), 0::bigint, 'who knows no kind gets nothing');
select is_empty(
    $$ select p.oid::regprocedure from pg_proc p
        where array_to_string(p.proconfig, ' ') like '%enable_%=off%' and not p.proconfig @> '{jit=off}' $$,
    'what forbids a scan forbids compiling too: on paper its plan is dear enough for Postgres to spend 300 ms on that');
select finish();
rollback;

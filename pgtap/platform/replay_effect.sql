begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select private.enqueue_effect('00000000-0000-4000-8000-000000000001', 'test.plain', '{"a": 1}', 'k') as id \gset
select private.enqueue_effect(null, 'test.plain', '2', 'k') as next \gset
select is(private.replay_effect(:'id'), false, 'what lives is not replayed');
update private.effects set attempts = 2;
select lease_token as token from private.claim_effects('w', 1) \gset
select is(private.fail_effect(:'id', :'token', 'gone'), 'dead', 'a dead letter');
select lease_token as next_token from private.claim_effects('w', 1, array['test.plain']) \gset
select is(private.replay_effect(:'id', now() + interval '1 minute'), true, 'can be given another life');
select results_eq(
    format('select org_id, payload, queue_key, state, attempts, run_at, last_error from private.effects where id = %L', :'id'),
    $$ values ('00000000-0000-4000-8000-000000000001'::uuid, '{"a": 1}'::jsonb, 'k', 'ready', 0, now() + interval '1 minute', 'gone') $$,
    'with its old id and all its attempts');
select is_empty('select from private.dead_effects', 'it is dead no longer');
select is_empty(
    $$ select private.claim_effects('w', 9, array['test.plain'], p_now => now() + interval '1 hour') $$,
    'it waits for the one of its key that is running');
select is(private.finish_effect(:'next', :'next_token'), 'done', 'when that is finished');
select is(private.replay_effect(:'next'), false, 'what was done is not done again');
select is(
    (select id from private.claim_effects('w', 9, array['test.plain'], p_now => now() + interval '1 hour')), :'id',
    'its turn has come');
select finish();
rollback;

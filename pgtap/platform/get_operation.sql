begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select tests.org('Ours') as ours \gset
select tests.org('Theirs') as theirs \gset
select tests.user(:'ours', 'user') as member \gset
select tests.user(:'theirs', 'admin') as stranger \gset
select private.enqueue_effect(:'ours', 'test.plain', '1') as id \gset
select private.enqueue_effect(:'ours', 'slack.message', '2', p_run_at => now() + interval '1 hour') as hidden \gset

select tests.as_user(:'member');
select is((select status from public.get_operation(:'id')), 'queued', 'a member sees how far it is');
select tests.as_owner();
select count(*) from private.claim_effects('w', 1, array['test.plain']);
select tests.as_user(:'member');
select is((select status from public.get_operation(:'id')), 'running', 'that it is under way');
select tests.as_owner();
select private.finish_effect(id, lease_token, '{"url": "https://x.example"}') from private.effects where id = :'id';
select tests.as_user(:'member');
select results_eq(
    format('select kind, status, result, finished_at from public.get_operation(%L)', :'id'),
    $$ values ('test.plain', 'done', '{"url": "https://x.example"}'::jsonb, now()) $$, 'and what came of it');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.get_operation(%L)', :'id'), 'operation_not_found', 'another organisation''s is not there');
select tests.throws_code(format('select public.get_operation(%L)', :'hidden'), 'operation_not_found', 'neither is a live one');
select tests.throws_code(format('select public.get_operation(%L)', gen_random_uuid()), 'operation_not_found', 'nor what never was');
select tests.as_anon();
select throws_ok(format('select public.get_operation(%L)', :'id'), '42501', null, 'nobody sees anything');

select tests.as_owner();
select count(*) from private.claim_effects('w', 9, array['slack.message'], p_now => now() + interval '1 hour');
select private.fail_effect(id, lease_token, 'secret words of a provider', 'refused') from private.effects where id = :'hidden';
select tests.as_user(:'member');
select results_eq(
    format('select status, result from public.get_operation(%L)', :'hidden'), $$ values ('failed', null::jsonb) $$,
    'a failure is told, what the provider said is not');
select tests.as_owner();
select private.enqueue_effect(:'ours', 'test.plain', '3') as id \gset
select ok(private.cancel_effect(:'id'), 'what is cancelled');
select tests.as_user(:'member');
select is((select status from public.get_operation(:'id')), 'cancelled', 'is seen as such');
select tests.as_owner();
update private.effect_kinds set result_for_callers = false where kind = 'test.plain';
select id from private.effects_done where outcome = 'done' \gset
select tests.as_user(:'member');
select results_eq(
    format('select status, result from public.get_operation(%L)', :'id'), $$ values ('done', null::jsonb) $$,
    'results are shown only where the kind says so');
select finish();
rollback;

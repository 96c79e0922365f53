begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select private.enqueue_effect(null, 'test.plain', '1') as done \gset
select private.enqueue_effect(null, 'test.plain', '2') as refused \gset
select private.enqueue_effect(null, 'test.plain', '3') as ready \gset
select count(*) from private.claim_effects('w', 2);
select private.finish_effect(id, lease_token, '{"a": 1}') from private.effects where id = :'done';
select private.fail_effect(id, lease_token, 'no', 'refused') from private.effects where id = :'refused';
select results_eq(
    format('select outcome, result, last_error from private.effect_outcome(array[%L, %L, %L]::uuid[]) order by id', :'done', :'refused', :'ready'),
    $$ values ('done', '{"a": 1}'::jsonb, null::text), ('refused', null, 'no') $$, 'what has ended is answered, and how');
select is_empty($$ select private.effect_outcome('{}') $$, 'nobody asked for, nobody answered');

select results_eq(
    $$ select state, effects, late_seconds from private.effect_metrics(now() + interval '3 seconds') where kind = 'test.plain' $$,
    $$ values ('ready', 1::bigint, 3::float8) $$, 'the queue in figures');
update private.effects set attempts = 2;
select count(*) from private.claim_effects('w', 1);
select private.fail_effect(id, lease_token, 'gone') from private.effects where id = :'ready';
select is((select effects from private.effect_metrics() where kind = 'test.plain' and state = 'dead'), 1::bigint, 'with the dead letters of a day');
select is_empty($$ select from private.effect_metrics(now() + interval '25 hours') where state = 'dead' $$, 'and of no more');
select finish();
rollback;

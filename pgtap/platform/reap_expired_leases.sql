begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select private.enqueue_effect(null, 'test.plain', to_jsonb(n)) from generate_series(1, 3) as n;
select * from private.claim_effects('w', 2);
select is(private.reap_expired_leases(now() + interval '30 seconds'), 0, 'a lease that ends is not over yet');
update private.effects set attempts = 3 where payload = '2';
select is(private.reap_expired_leases(now() + interval '31 seconds'), 2, 'those that are over are taken back');
select results_eq(
    $$ select payload::int, state, attempts, run_at - now(), lease_token is null from private.effects where kind = 'test.plain' order by 1 $$,
    $$ values (1, 'ready', 1, interval '31 seconds', true), (3, 'ready', 0, '0', true) $$, 'ready at once; the attempt counts');
select is((select payload from private.dead_effects), '2'::jsonb, 'after the last attempt: a dead letter');
select is((select count(*) from private.effects where kind = 'slack.message'), 1::bigint, 'of which the operator hears');
select private.enqueue_effect(null, 'test.plain', to_jsonb(n)) from generate_series(4, 9) as n;
select * from private.claim_effects('w', 100, array['test.plain']);
select is(private.reap_expired_leases(now() + interval '1 hour', 4), 4, 'so many in one transaction');
select is(private.reap_expired_leases(now() + interval '1 hour'), 3, 'the others in the next');
select finish();
rollback;

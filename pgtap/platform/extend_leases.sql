begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select private.enqueue_effect(null, 'test.plain', to_jsonb(n)) from generate_series(1, 3) as n;
create temp table claimed as select * from private.claim_effects('w', 10);
create function pg_temp.leases() returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object('id', id, 'token', case payload when '2' then gen_random_uuid() else lease_token end)) from claimed;
$$;
select results_eq(
    $$ select c.payload::int from private.extend_leases(pg_temp.leases(), now() + interval '20 seconds') as e (id) join claimed c using (id) order by 1 $$,
    array[1, 3], 'whose token still holds is answered');
select results_eq(
    $$ select payload::int, lease_until - now() from private.effects order by 1 $$,
    $$ values (1, interval '50 seconds'), (2, '30 seconds'), (3, '50 seconds') $$, 'and has a lease again');

select is(private.release_leases('someone else'), 0, 'a worker gives back its own alone');
update private.effects set worker = 'other' where payload = '3';
select is(private.release_leases('w', now() + interval '5 seconds'), 2, 'which it does when it stops');
select results_eq(
    $$ select payload::int, state, attempts, run_at - now(), lease_token is null from private.effects order by 1 $$,
    $$ values (1, 'ready', 0, interval '5 seconds', true), (2, 'ready', 0, '5 seconds', true), (3, 'running', 1, '0', false) $$,
    'so that others may start it at once; it was no attempt');
select finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 50, 3, 10, 100, 0, 2.5, 12.5, 'test_saga', false);

select '00000000-0000-4000-8000-000000000001' as org \gset
select private.enqueue_effect(:'org', 'test.plain', '"plain"', p_run_at => now() - interval '90 seconds') as plain \gset
select private.enqueue_effect(null, 'test.saga', '"saga"') as saga \gset
select private.enqueue_effect(null, 'test.plain', '"head"', 'k') as head, private.enqueue_effect(null, 'test.plain', '"behind"', 'k') as behind \gset
select private.enqueue_effect(null, 'test.plain', '"other"') as other \gset
update private.effects set attempts = 2, last_error = 'no answer' where id = :'saga';

create temp table leased as
select * from private.lease_effects(array[:'plain', :'saga', gen_random_uuid()]::uuid[], 'w', now() + interval '1 minute');
select results_eq(
    'select org_id, kind, payload, attempts, lease_seconds, timeout_seconds, late_seconds, alone, priority from leased order by kind',
    format($$ values (%L::uuid, 'test.plain', '"plain"'::jsonb, 1, 30::float8, 5::float8, 150::float8, false, 100),
                     (null, 'test.saga', '"saga"', 3, 12.5, 2.5, 60, true, 50) $$, :'org'),
    'it hands out what a worker needs to know; an id that is nobody''s hands out nothing');
select results_eq(
    format('select e.state, e.worker, e.attempts, e.lease_until, e.lease_token = l.lease_token, e.last_error from private.effects e join leased l using (id) order by e.kind'),
    $$ values ('running', 'w', 1, now() + interval '90 seconds', true, null::text),
              ('running', 'w', 3, now() + interval '72.5 seconds', true, 'no answer') $$,
    'each runs under the lease of its kind, and remembers why it failed before');
select is((select count(distinct lease_token) from leased), 2::bigint, 'each has a token of its own');
select is_empty(
    format('select private.lease_effects(array[%L]::uuid[], %L, now())', :'plain', 'thief'), 'what runs is not handed out again');
select results_eq(
    format('select worker, attempts, lease_token from private.effects where id = %L', :'plain'),
    format($$ select 'w', 1, lease_token from leased where id = %L $$, :'plain'), 'and stays with its holder');
select is_empty(
    format('select private.lease_effects(array[%L]::uuid[], %L, now())', :'behind', 'w'), 'what waits is not handed out');

select is(
    (select alone from private.lease_effects(array[:'head']::uuid[], 'w', now())), true,
    'what has a key is finished by itself');
update private.effects set state = 'ready' where id = :'behind';
select throws_ok(
    format('select private.lease_effects(array[%L, %L]::uuid[], %L, now())', :'other', :'behind', 'w'), '23505', null,
    'a second of one key is stopped by the index');
select is((select state from private.effects where id = :'other'), 'ready', 'and with it all that was asked for at once');
select is_empty($$ select private.lease_effects('{}', 'w', now()) $$, 'nothing is nothing');
delete from private.effect_kinds where kind = 'test.plain';
select is_empty(
    format('select private.lease_effects(array[%L]::uuid[], %L, now())', :'other', 'w'), 'a kind that is gone is not handed out');
select tests.as_service();
select throws_ok(
    $$ select private.lease_effects('{}', 'w', now()) $$, '42501', null, 'workers claim, and lease nothing past the limits');
select finish();
rollback;

-- Alone: it truncates partitions that other files write to.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.freeze_time('2026-03-01 12:00+00');
insert into private.idempotency_keys (slot, key, body_hash, status, created_at)
select private.day_slot(t, 3), '\x01', '\x02', 200, t
from unnest(array[tests.now() - interval '2 days', tests.now() - interval '1 day', tests.now()]) as t;

select is(private.rotate_idempotency_slots(tests.now()), true, 'the slot of tomorrow is emptied');
select results_eq(
    $$ select created_at from private.idempotency_keys order by 1 $$,
    $$ values (tests.now() - interval '1 day'), (tests.now()) $$, 'today and yesterday stay');
select is(private.rotate_idempotency_slots(tests.now()), false, 'once is enough');
select is(
    array(select private.day_slot('2026-02-28 23:59:59+00'::timestamptz + n * interval '1 day', 3) from generate_series(0, 2) as n),
    array(select private.day_slot('2026-03-01 00:00+00'::timestamptz + n * interval '1 day', 3) from generate_series(-1, 1) as n),
    'a slot is a day in UTC');
select is(
    (select count(distinct private.day_slot('2026-03-01'::timestamptz + n * interval '1 day', 5)) from generate_series(0, 4) as n),
    5::bigint, 'and every slot has its turn');

select * from finish();
rollback;

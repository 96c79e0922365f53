begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(12);
insert into private.effect_kinds values
    ('test.limited', 'limited', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.free', 'free', 100, 3, 10, 100, 0, 5, 30, null, true);
insert into private.provider_limits values ('limited', 2, 3);
select private.enqueue_effect(null, 'test.limited', to_jsonb(n)) from generate_series(1, 8) as n;
select private.enqueue_effect(null, 'test.free', to_jsonb(n)) from generate_series(1, 8) as n;

create function pg_temp.claimed(p_seconds numeric) returns text language sql as $$
    select string_agg(payload::text, ' ' order by payload)
    from private.claim_effects('w', 100, array['test.limited'], null, now() + make_interval(secs => p_seconds::float8));
$$;
select is(pg_temp.claimed(0), '1 2 3', 'a burst, oldest first');
select is((select count(*) from private.claim_effects('w', 100, array['test.free'])), 8::bigint, 'providers without a limit have none');
select results_eq(
    $$ select payload::int, run_at - now() from private.effects where state = 'ready' order by run_at $$,
    $$ values (4, interval '0.5 seconds'), (5, '1 second'), (6, '1.5 seconds'), (7, '2 seconds'), (8, '2.5 seconds') $$,
    'the others come one gap after the other');
select is((select max(attempts) from private.effects where state = 'ready'), 0, 'having to wait is no attempt');
select is(pg_temp.claimed(0.4), null, 'not before their time');
select is(pg_temp.claimed(0.5), '4', 'each at its time');
select private.enqueue_effect(null, 'test.limited', '9');
select is(pg_temp.claimed(0.7), null, 'who comes in between waits behind them');
select is((select run_at - now() from private.effects where payload = '9'), interval '3 seconds', 'at the end of the queue');
select is(pg_temp.claimed(2.5), '5 6 7', 'after a pause no more than a burst');
select is(pg_temp.claimed(100), '8 9', 'and what is left when there is room');
select private.enqueue_effect(null, 'test.limited', to_jsonb(n), 'k' || n) from generate_series(11, 20) as n;
select is(pg_temp.claimed(200), '11 12 13', 'keyed effects are limited like others');

update private.provider_limits set per_second = 1000, burst = 1000 where provider = 'limited';
select is(pg_temp.claimed(300), '14 15 16 17 18 19 20', 'a limit that is changed holds from the next claim on');
select finish();
rollback;

-- Alone: it makes and drops partitions, and gives up a lock after 200 ms.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);
insert into private.effect_kinds values
    ('test.plain', 'test', 100, 3, 10, 100, 0, 5, 30, null, true),
    ('test.saga', 'test', 100, 3, 10, 100, 0, 5, 30, 'test_saga', false);
select private.keep_effect_days();
select is(private.keep_effect_days(), 0, 'what is there is not made again');
select ok(to_regclass('private.effects_done_' || to_char((now() at time zone 'UTC')::date + 7, 'YYYYMMDD')) is not null, 'a week ahead is there');
select is(private.keep_effect_days('2030-05-01 23:30+00'), 8, 'far from now eight days are made');
select is(private.keep_effect_days('2030-05-02 00:30+00'), 1, 'and one more the day after');

insert into private.effects_done values
    ('00000000-0000-8000-8000-000000000001', null, 'test.plain', null, 100, '{}', 'done', null, null, 1, null, now(), now(), '2031-01-05 12:00+00'),
    ('00000000-0000-8000-8000-000000000002', null, 'test.plain', null, 100, '{}', 'done', null, null, 1, null, now(), now(), '2031-02-05 12:00+00');
select is((select count(*) from private.effects_done_default), 2::bigint, 'without its day an effect ends in the default partition');
select lives_ok($$ select private.keep_effect_days('2031-01-05 00:00+00') $$, 'which may hold some of a day to be made');
select results_eq(
    $$ select (select count(*)::int from private.effects_done_20310105), (select count(*)::int from private.effects_done_default) $$,
    $$ values (1, 1) $$, 'they move, the others stay');

insert into private.schedule_runs (name, due_at, started_at, finished_at, ok)
values ('old', now(), '2030-04-20 00:00+00', now(), true), ('new', now(), '2030-05-20 00:00+00', now(), true);
select is(private.drop_old_effects('2030-06-05 12:00+00') >= 4, true, 'days that ended 30 days ago are dropped');
select results_eq(
    $$ select to_regclass('private.effects_done_20300504') is null, to_regclass('private.effects_done_20300505') is not null,
               to_regclass('private.effects_done_default') is not null,
               (select string_agg(name, ' ') from private.schedule_runs where name in ('old', 'new')) $$,
    $$ values (true, true, true, 'new') $$, 'and no later ones, nor the default; old runs go with them');
select finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(20);
delete from private.schedules;
delete from private.schedule_state;
create table private.test_log (at timestamptz);
create function private.test_tick(p_now timestamptz) returns integer language sql set search_path = pg_catalog, pg_temp
as $$ insert into private.test_log values (p_now); select 42 $$;
create function private.test_broken(p_now timestamptz) returns void language plpgsql set search_path = pg_catalog, pg_temp
as $$ begin insert into private.test_log values (p_now); perform 1 / 0; end $$;
insert into private.schedules (name, every, function, enabled) values ('tick', '1 hour', 'test_tick', true), ('off', '1 hour', 'test_tick', false);

select is(private.run_due_schedules('2030-01-01 10:00+00'), 1, 'a new schedule runs at once, one that is off does not');
select is(private.run_due_schedules('2030-01-01 10:59+00'), 0, 'and not before its time');
select is(private.run_due_schedules('2030-01-01 11:00+00'), 1, 'at its time');
select is(private.run_due_schedules('2030-01-01 11:00+00'), 0, 'once');
select is(private.run_due_schedules('2030-01-01 15:20+00'), 1, 'what was missed is made up once');
select is((select next_run_at from private.schedule_state where name = 'tick'), '2030-01-01 16:00+00'::timestamptz, 'and the rhythm stays');
select results_eq(
    'select due_at, ok, result, error from private.schedule_runs order by due_at',
    $$ values ('2030-01-01 10:00+00'::timestamptz, true, '42', null::text), ('2030-01-01 11:00+00', true, '42', null), ('2030-01-01 12:00+00', true, '42', null) $$,
    'each run is recorded');
update private.schedules set enabled = true where name = 'off';
select is(private.run_due_schedules('2030-01-01 16:00+00', 1), 1, 'one at a time, for who asks so');
select is(private.run_due_schedules('2030-01-01 16:00+00'), 1, 'then the next');

delete from private.schedules;
insert into private.schedules (name, daily_at, function, enabled) values ('nightly', '03:00', 'test_tick', true);
select is(private.run_due_schedules('2030-01-02 02:00+00'), 0, 'a daily one waits for its hour');
select is(private.run_due_schedules('2030-01-02 03:00+00'), 1, 'and runs then');
select is(private.run_due_schedules('2030-01-05 12:00+00'), 1, 'after days of silence once');
select is((select next_run_at from private.schedule_state where name = 'nightly'), '2030-01-06 03:00+00'::timestamptz, 'and the next night again');

delete from private.schedules;
delete from private.test_log;
insert into private.schedules (name, every, function, enabled) values ('broken', '1 minute', 'test_broken', true), ('gone', '1 minute', 'test_gone', true);
select is(private.run_due_schedules('2030-01-06 00:00+00'), 2, 'one that fails stops no other');
select is_empty('select from private.test_log', 'what it did is undone');
select results_eq($$ select ok, error from private.schedule_runs where name = 'broken' $$, $$ values (false, 'division by zero') $$, 'its failure is recorded');
select is((select count(*) from private.effects where kind = 'slack.message' and payload ->> 'text' like 'The schedule%'), 2::bigint, 'and told');
select is(private.run_due_schedules('2030-01-06 00:01+00'), 2, 'it is tried again at its next moment');

delete from private.schedules;
insert into private.schedules (name, every, effect_kind, payload, enabled) values ('pinging', '1 minute', 'platform.ping', '{"a": 1}', true);
select is(private.run_due_schedules('2030-01-07 00:00+00'), 1, 'a schedule may be an effect');
select results_eq(
    $$ select payload - 'due_at', queue_key, run_at from private.effects where kind = 'platform.ping' $$,
    $$ values ('{"a": 1}'::jsonb, 'schedule:pinging', '2030-01-07 00:00+00'::timestamptz) $$, 'which never overlaps with itself');
select finish();
rollback;

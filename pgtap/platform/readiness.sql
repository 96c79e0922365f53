begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

delete from private.schema_release;
insert into private.schema_release (release, min_server_release) values ('0.10.0', '0.9.2');
select is(private.readiness('0.10.0') ->> 'status', 'ok', 'a server of this release may have traffic');
select is(private.readiness('0.9.2') ->> 'status', 'ok', 'so may the oldest that the database accepts');
select is(private.readiness('0.11.0') ->> 'status', 'ok', 'and a newer one');
select tests.refuses_code($$ select private.readiness('0.9.1') $$, 'server_too_old');
select is(
    private.readiness('0.9.1') -> 'details', '{"server": "0.9.1", "oldest": "0.9.2"}', 'and it is told which would do');

delete from private.effects;
select private.enqueue_effect(null, 'slack.message', '{"text": "x"}', p_run_at => now() - interval '90 seconds');
select is(private.readiness('0.10.0') ->> 'queue_late_seconds', '90.0', 'a late queue is shown');
select is(private.readiness('0.10.0') ->> 'status', 'ok', 'and takes no server away');
select tests.as_anon();
select throws_ok($$ select private.readiness('0.10.0') $$, '42501', null, 'what the inside looks like is nobody''s business');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

delete from private.schema_release;
insert into private.schema_release (release, min_server_release) values ('0.10.0', '0.9.2');
insert into private.sql_versions (path, release, hash, state) values
    ('planted/changed.sql', '0.9.0', 'old', 'live'),
    ('planted/retired.sql', '0.9.0', 'once', 'live'),
    ('planted/returned.sql', '0.9.0', 'first', 'live'),
    ('planted/dropped.sql', '0.9.0', 'once', 'live'),
    ('planted/returned.sql', '0.9.2', 'first', 'retired'),
    ('planted/changed.sql', '0.10.0', 'new', 'live'),
    ('planted/retired.sql', '0.10.0', 'once', 'retired'),
    ('planted/returned.sql', '0.10.0', 'second', 'live'),
    ('planted/dropped.sql', '0.10.0', 'once', 'dropped');
create function pg_temp.state() returns table (release text, min_server_release text, path text, hash text) language sql as $$
    select * from private.schema_state() s where s.path like 'planted/%' order by s.path;
$$;

select results_eq(
    'select path, hash from pg_temp.state()',
    $$ values ('planted/changed.sql', 'new'), ('planted/returned.sql', 'second') $$,
    'of every file what runs today: not what it was, nor what was retired or dropped since');
select results_eq(
    'select distinct release, min_server_release from private.schema_state()', $$ values ('0.10.0', '0.9.2') $$,
    'with the release of the database and the oldest server it accepts');
insert into private.sql_versions (path, release, hash, state) values ('planted/changed.sql', '0.11.0', 'new', 'retired');
select results_eq('select path from pg_temp.state()', $$ values ('planted/returned.sql') $$, 'the newest word on a file counts');
delete from private.schema_release;
select is_empty('select from private.schema_state()', 'a database that no release has migrated has no state');

select tests.as_service();
select lives_ok('select private.schema_state()', 'the server may ask before it starts');
select tests.as_anon();
select throws_ok('select private.schema_state()', '42501', null, 'nobody else');
select tests.as_owner();
select tests.as_user(tests.admin(tests.org()));
select throws_ok('select private.schema_state()', '42501', null, 'not even an admin');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

select ok(private.is_time_zone('Europe/London'), 'a name of the tz database');
select ok(private.is_time_zone('America/Argentina/Buenos_Aires'), 'of three parts too');
select ok(private.is_time_zone('UTC'), 'and UTC');
select ok(not private.is_time_zone('Europe/Londonn'), 'no other');
select ok(not private.is_time_zone('FOO+5'), 'no POSIX form');
select ok(not private.is_time_zone(E'Europe/London\n'), 'nothing around it');
select ok(not private.is_time_zone(null), 'none is none');

select * from finish();
rollback;

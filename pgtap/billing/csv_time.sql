begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(2);

set local timezone = 'America/New_York';
select is(private.csv_time('2026-07-01 00:30:59.999+01'), '2026-06-30T23:30:59Z', 'wherever the session is, in UTC');
select is(private.csv_time('2026-12-01 00:30:00+00'), '2026-12-01T00:30:00Z');

select * from finish();
rollback;

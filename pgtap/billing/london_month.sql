begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select is(private.london_month('2026-06-15 12:00+00'), '2026-06-01'::date, 'a month is named by its first day');
select is(private.london_month('2026-11-30 23:59:59.999999+00'), '2026-11-01'::date, 'in winter London keeps UTC: the last moment of November');
select is(private.london_month('2026-12-01 00:00+00'), '2026-12-01'::date, 'and the first of December');
select is(private.london_month('2026-06-30 22:59:59+00'), '2026-06-01'::date, 'in summer London is an hour ahead: 23:59:59 on 30 June');
select is(private.london_month('2026-06-30 23:00+00'), '2026-07-01'::date, 'is followed by July, while it is still June in UTC');
select is(private.london_month('2026-03-31 22:59:59+00'), '2026-03-01'::date, 'after the clocks went forward, March ends at 23:00 UTC');
select is(private.london_month('2026-03-31 23:00+00'), '2026-04-01'::date, 'and April begins');
select is(private.london_month('2026-10-31 23:59:59+00'), '2026-10-01'::date, 'after they went back, October ends at midnight');
set local timezone = 'Pacific/Auckland';
select is(private.london_month('2026-11-30 23:30+00'), '2026-11-01'::date, 'the time zone of whoever asks does not matter');

select * from finish();
rollback;

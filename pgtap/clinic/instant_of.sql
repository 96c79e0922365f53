begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

-- Every minute of the days on which clocks change, by the clock and by the sun: what private.instant_of() answers is the
-- first moment at which the clock shows that time.
create function pg_temp.wrong_minutes(p_zone text, p_day date) returns bigint language sql as $$
    with moments as (
        select m as at, m at time zone p_zone as local
        from generate_series(p_day::timestamptz - interval '2 days', p_day::timestamptz + interval '3 days', interval '1 minute') as m
    ),
    clock as (
        select l as local, f.at
        from generate_series(p_day::timestamp - interval '1 day', p_day::timestamp + interval '2 days', interval '1 minute') as l
        left join (select m.local, min(m.at) as at from moments m group by m.local) as f on f.local = l
    )
    select count(*) from clock c where private.instant_of(c.local, p_zone) is distinct from c.at;
$$;
select is(pg_temp.wrong_minutes(z, d), 0::bigint, format('every minute around %s in %s is when it is', d, z))
from (values
    ('Europe/London', date '2026-03-29'), ('Europe/London', '2026-10-25'),
    ('America/New_York', '2026-03-08'), ('America/New_York', '2026-11-01'),
    ('Australia/Lord_Howe', '2026-10-04'), ('Australia/Lord_Howe', '2026-04-05'), ('Asia/Kathmandu', '2026-06-01')) as t (z, d);

select is(private.instant_from('2026-03-29 01:30', 'Europe/London'), '2026-03-29 01:00+00', 'what begins in a skipped hour begins behind it');
select is(private.instant_from('2026-10-04 02:15', 'Australia/Lord_Howe'), '2026-10-03 15:30+00', 'in a skipped half hour too');
select is(private.instant_from('2026-10-25 01:30', 'Europe/London'), '2026-10-25 00:30+00', 'in a repeated one with the first');
select is(private.instant_from('2026-11-24 09:00', 'Asia/Kathmandu'), '2026-11-24 03:15+00', 'and anywhere else where it is');

select * from finish();
rollback;

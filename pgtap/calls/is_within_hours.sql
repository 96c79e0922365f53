-- Weekly hours are read on the clock of the clinic's zone.
begin;
select plan(9);

create function pg_temp.open(p_at timestamptz, p_zone text default 'Europe/London') returns boolean
language sql as $$ select private.is_within_hours('{"mon": [["09:00", "12:00"], ["13:00", "24:00"]]}', p_zone, p_at); $$;

select ok(pg_temp.open('2026-03-02 09:00+00'), 'they begin on the minute');
select ok(not pg_temp.open('2026-03-02 08:59:59+00'), 'and not before');
select ok(not pg_temp.open('2026-03-02 12:00+00'), 'their end is outside');
select ok(pg_temp.open('2026-03-02 13:30+00'), 'a day may have several spans');
select ok(pg_temp.open('2026-03-02 23:59:30+00'), 'the last may go on to midnight');
select ok(not pg_temp.open('2026-03-03 10:00+00'), 'a day that is not named has none');
select ok(pg_temp.open('2026-03-30 08:30+00'), 'in summer the clock is an hour ahead');
select ok(pg_temp.open('2026-03-01 23:15+00', 'Asia/Kathmandu') is false and pg_temp.open('2026-03-02 03:15+00', 'Asia/Kathmandu'),
    'another zone has another Monday');
select ok(private.is_within_hours('{}', 'Europe/London', '2026-03-03 03:00+00'), 'no hours at all are always');

select * from finish();
rollback;

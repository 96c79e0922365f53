begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(16);

select tests.org() as org \gset
select tests.admin(:'org') as admin \gset
update public.organizations set created_at = '2025-12-31 23:59+00' where id = :'org';

select tests.as_user(:'admin');
create function pg_temp.period(p_month text) returns tstzrange language sql as $$ select private.statement_period(p_month, '2026-11-21 12:00+00') $$;
select is(pg_temp.period('2026-02'), tstzrange('2026-02-01 00:00+00', '2026-03-01 00:00+00'), 'in winter London''s midnight is UTC''s');
select is(pg_temp.period('2026-07'), tstzrange('2026-06-30 23:00+00', '2026-07-31 23:00+00'), 'in summer it is an hour earlier');
select is(pg_temp.period('2026-03'), tstzrange('2026-03-01 00:00+00', '2026-03-31 23:00+00'), 'March loses an hour');
select is(pg_temp.period('2026-10'), tstzrange('2026-09-30 23:00+00', '2026-11-01 00:00+00'), 'October has one more');
select is(upper(pg_temp.period('2026-10')), lower(pg_temp.period('2026-11')), 'months join without a gap');
select is(pg_temp.period('2025-12'), tstzrange('2025-12-01 00:00+00', '2026-01-01 00:00+00'), 'the month the wallet was made in is the first');
select tests.throws_code($$ select pg_temp.period('2025-11') $$, 'statement_not_found', 'there is none before');
select tests.throws_code($$ select pg_temp.period('2026-12') $$, 'statement_not_found', 'nor of the future');
select lives_ok($$ select private.statement_period('2026-07', '2026-06-30 23:00+00') $$, 'a month begins in London');
select tests.throws_code($$ select private.statement_period('2026-07', '2026-06-30 22:59:59+00') $$, 'statement_not_found', 'and not before');
select tests.throws_code($$ select pg_temp.period('2026-13') $$, 'invalid_month');
select tests.throws_code($$ select pg_temp.period('2026-1') $$, 'invalid_month');
select tests.throws_code($$ select pg_temp.period('0000-01') $$, 'invalid_month');
select tests.throws_code($$ select pg_temp.period('2026-01-01') $$, 'invalid_month');
select tests.throws_code($$ select pg_temp.period(E'2026-01\n') $$, 'invalid_month');
select tests.throws_code($$ select pg_temp.period(null) $$, 'invalid_month');

select * from finish();
rollback;

-- An exception that excuses nothing any more goes: the next thing to take its name would be excused unseen.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(2);

select is_empty('select * from tests.stale_exceptions()', 'every exception to a rule is still needed');
select is_empty(
    $$ select e.rule, e.object from tests.rule_exceptions() e where coalesce(e.reason, '') = '' $$,
    'every exception says why');

select * from finish();
rollback;

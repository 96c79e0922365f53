begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);
create function pg_temp.lines() returns setof text language sql as $$
    select payload ->> 'text' from private.effects where kind = 'slack.message' order by id;
$$;
select private.alert(null, 'test', 'first', '2030-01-01 10:00+00');
select results_eq('select pg_temp.lines()', array['first'], 'the operator is told');
select private.alert(null, 'test', 'second', '2030-01-01 10:59+00');
select private.alert(null, 'test', 'third', '2030-01-01 10:59:59+00');
select results_eq('select pg_temp.lines()', array['first'], 'at most once an hour');
select private.alert(null, 'test', 'fourth', '2030-01-01 11:00+00');
select results_eq('select pg_temp.lines()', array['first', 'fourth (and 2 more since the last line)'], 'and hears how many there were');
select private.alert(null, 'test', 'fifth', '2030-01-01 12:00+00');
select results_eq('select pg_temp.lines() offset 2', array['fifth'], 'counted once');
select private.alert('00000000-0000-4000-8000-000000000001', 'test', 'theirs', '2030-01-01 12:00+00');
select private.alert('00000000-0000-4000-8000-000000000002', 'test', 'others', '2030-01-01 12:00+00');
select private.alert(null, 'test.other', 'else', '2030-01-01 12:00+00');
select results_eq('select pg_temp.lines() offset 3', array[
    'theirs [organisation 00000000-0000-4000-8000-000000000001]',
    'others [organisation 00000000-0000-4000-8000-000000000002]', 'else'], 'for each organisation, which it names, and kind');
select is((select count(*) from private.alerts where kind like 'test%'), 4::bigint, 'which have a row each');
select results_eq(
    $$ select distinct org_id is not null from private.effects where payload ->> 'text' ~ '^(theirs|others)' $$,
    array[true], 'an organisation''s line carries its id');
select finish();
rollback;

-- A policy calls our functions as (select f()), once a statement; bare, they run once a row (3.8 s instead of 48 ms).
create or replace function tests.policies_wrap_calls()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.polrelid::regclass::text, format('policy %s calls %s bare', p.polname, m.call[1])
    from pg_policy p
    cross join lateral regexp_matches(
        regexp_replace(
            concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)),
            '\( *SELECT [a-z_.]+\([^()]*\)( AS [a-z_]+)?\)', '', 'g'),
        '((?:\m[a-z_]+\.[a-z_]+|current_setting)\()', 'g') as m (call);
$$;

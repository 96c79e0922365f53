-- Every code that a function raises or refuses with is in the error registry.
create or replace function tests.error_codes_are_registered()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select distinct p.oid::regprocedure::text, 'the registry has no ' || m.code[1]
    from pg_proc p
    cross join lateral regexp_matches(p.prosrc, 'private\.(?:fail|refuse)\(\s*''([^'']*)''', 'g') as m (code)
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and not exists (select from private.error_registry e where e.code = m.code[1]);
$$;

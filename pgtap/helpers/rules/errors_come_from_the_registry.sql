-- Functions raise through private.fail() or private.refuse(): a bare `raise exception` would reach a caller without a
-- code. Only with an errcode of class XX or ZZ, an internal error or a signal between our own functions, is it allowed.
create or replace function tests.errors_come_from_the_registry()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select distinct p.oid::regprocedure::text, 'it raises by itself'
    from pg_proc p
    cross join lateral regexp_matches(
        regexp_replace(p.prosrc, '--[^\n]*', '', 'g'), '\mraise\s+(?:exception\M)?([^;]*);', 'gi') as m (rest)
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and m.rest[1] !~* '^\s*(debug|log|info|notice|warning)\M'
      and m.rest[1] ~ '\S'
      and m.rest[1] !~* 'errcode\s*=\s*''(XX|ZZ)'
      and p.oid::regprocedure::text <> 'private.fail(text,jsonb)';
$$;

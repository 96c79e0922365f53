-- Functions refuse through private.fail() or private.refuse(). A `raise exception` of their own is for what no caller can
-- bring about, and names its class: without an errcode it could not be told from a refusal that lost its code.
create or replace function tests.errors_come_from_the_registry()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select distinct p.oid::regprocedure::text, 'it raises without an errcode: ' || btrim(left(m.rest[1], 60))
    from pg_proc p
    cross join lateral regexp_matches(
        regexp_replace(p.prosrc, '--[^\n]*', '', 'g'), '\mraise\s+exception\M([^;]*);', 'gi') as m (rest)
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and m.rest[1] !~* '\merrcode\s*:?=';
$$;

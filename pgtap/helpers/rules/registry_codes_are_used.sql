-- Every code of the error registry appears in a function; those the server raises itself are exceptions, by name.
create or replace function tests.registry_codes_are_used()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select e.code, 'no function raises it, and it is not named as the server''s'
    from private.error_registry e
    where not exists (
        select from pg_proc p
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
          and strpos(p.prosrc, quote_literal(e.code)) > 0);
$$;

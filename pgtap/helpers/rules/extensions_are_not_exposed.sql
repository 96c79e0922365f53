-- No extension lives in public or private.
create or replace function tests.extensions_are_not_exposed()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select e.extname::text, 'it is in schema ' || e.extnamespace::regnamespace
    from pg_extension e
    where e.extnamespace in ('public'::regnamespace, 'private'::regnamespace);
$$;

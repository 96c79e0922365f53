-- Every table and view of public says what it is for.
create or replace function tests.public_tables_have_comments()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select c.oid::regclass::text, 'it has no comment'
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
      and obj_description(c.oid, 'pg_class') is null;
$$;

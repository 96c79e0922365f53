-- Every table of public and private has a primary key: a row that cannot be named cannot be mended, replicated or audited.
create or replace function tests.tables_have_primary_keys()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select c.oid::regclass::text, 'it has no primary key'
    from pg_class c
    where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p', 'f')
      and not c.relispartition
      and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary);
$$;

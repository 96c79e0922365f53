-- The tables of public that hold organisations' rows, and the column that says whose a row is.
create or replace function tests.tenant_tables()
returns table (relation regclass, org_column name)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select c.oid::regclass, a.attname
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
                       and a.attname = case when c.relname = 'organizations' then 'id' else 'org_id' end
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition;
$$;

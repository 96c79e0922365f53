-- Tenant tables (public, with an org_id) have a primary key, and it and every other unique key begin with org_id: that is
-- what lets the database be split by organisation, and keeps one from learning another's values by collision.
create or replace function tests.tenant_keys_begin_with_org_id()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with tenant as (
        select c.oid, a.attnum
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    )
    select t.oid::regclass::text, 'it has no primary key'
    from tenant t
    where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)
    union all
    select i.indexrelid::regclass::text, format('unique on %s, not beginning with org_id', t.oid::regclass)
    from tenant t
    join pg_index i on i.indrelid = t.oid and (i.indisunique or i.indisexclusion)
    where i.indkey[0] <> t.attnum;
$$;

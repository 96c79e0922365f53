-- Times are timestamptz, pence are integers, and no text is cut at a length nobody chose. The log of migrations is
-- refinery's own.
create or replace function tests.columns_have_the_right_types()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select format('%s(%I)', a.attrelid::regclass, a.attname), 'it is ' || format_type(a.atttypid, a.atttypmod)
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
                   and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
    where a.attnum > 0 and not a.attisdropped
      and c.oid is distinct from to_regclass('private.schema_migrations')
      and (a.atttypid in ('timestamp'::regtype, 'timetz'::regtype, 'money'::regtype, 'json'::regtype,
                          'varchar'::regtype, 'bpchar'::regtype)
           or a.attname like '%\_pence' and a.atttypid not in ('integer'::regtype, 'bigint'::regtype));
$$;

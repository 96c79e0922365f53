-- Who has not signed in, and PUBLIC, has no table, view or sequence at all; clients have none in private either.
create or replace function tests.anon_has_no_table()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with held as (
        select c.oid, c.relnamespace, a.grantee
        from pg_class c, aclexplode(c.relacl) a
        union all
        select c.oid, c.relnamespace, a.grantee
        from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
    )
    select distinct h.oid::regclass::text, coalesce(r.rolname, 'PUBLIC') || ' holds a right on it'
    from held h
    left join pg_roles r on r.oid = h.grantee
    where h.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
      and (h.grantee = 0 or r.rolname = 'anon'
           or r.rolname = 'authenticated' and h.relnamespace = 'private'::regnamespace);
$$;

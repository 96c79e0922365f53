-- Clients hold SELECT and nothing else on tables, views and sequences of public and private, by column or by default
-- neither: every write is a function. MAINTAIN, TRUNCATE, REFERENCES and TRIGGER count as writing.
create or replace function tests.clients_cannot_write()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with held as (
        select c.oid::regclass::text as object, a.grantee, a.privilege_type
        from pg_class c, aclexplode(c.relacl) a
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
        union all
        select format('%s(%I)', t.attrelid::regclass, t.attname), a.grantee, a.privilege_type
        from pg_attribute t
        join pg_class c on c.oid = t.attrelid and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace),
             aclexplode(t.attacl) a
    )
    select h.object, coalesce(r.rolname, 'PUBLIC') || ' holds ' || h.privilege_type
    from held h
    left join pg_roles r on r.oid = h.grantee
    where h.privilege_type <> 'SELECT'
      and (h.grantee = 0
           or r.rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'voxanne_api', 'voxanne_worker'));
$$;

-- EXECUTE on every function of public and private is held by exactly the roles the grant matrix names, beside the owner;
-- and every row of the matrix has its function.
create or replace function tests.grants_follow_matrix()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with named as (
        select p.oid, p.oid::regprocedure::text as object, n.nspname || '.' || p.proname as name, p.proowner,
               coalesce(p.proacl, acldefault('f', p.proowner)) as acl
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace and n.nspname in ('public', 'private')
        where not exists (
            select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    ),
    held as (
        select n.oid, coalesce(r.rolname, 'PUBLIC') as role
        from named n, aclexplode(n.acl) a
        left join pg_roles r on r.oid = a.grantee
        where a.grantee <> n.proowner
    ),
    due as (
        select n.oid, w.role
        from named n
        join private.grant_matrix m on m.function = n.name,
             lateral (values ('anon', m.anon), ('authenticated', m.authenticated), ('service_role', m.service_role))
                 as w (role, may)
        where w.may
    )
    select n.object, h.role || ' may execute it, and the matrix does not say so'
    from held h join named n using (oid)
    where not exists (select from due d where d.oid = h.oid and d.role = h.role)
    union all
    select n.object, d.role || ' may not execute it, though the matrix says so'
    from due d join named n using (oid)
    where not exists (select from held h where h.oid = d.oid and h.role = d.role)
    union all
    select m.function, 'the matrix names it, and it does not exist'
    from private.grant_matrix m
    where not exists (select from named n where n.name = m.function);
$$;

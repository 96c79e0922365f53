-- Every table of public has a policy for service_role, and one for every other role that may select from it.
create or replace function tests.tables_have_policies()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select c.oid::regclass::text, 'no select policy for ' || r.rolname
    from pg_class c
    cross join pg_roles r
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (r.rolname = 'service_role'
           or r.rolname in ('anon', 'authenticated') and has_any_column_privilege(r.oid, c.oid, 'select'))
      and not exists (
          select from pg_policy p
          where p.polrelid = c.oid and p.polcmd in ('r', '*') and p.polroles && array[r.oid, 0::oid]);
$$;

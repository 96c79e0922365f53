-- One permissive policy a table, role and command: several are or-ed together, each evaluated for every row.
create or replace function tests.one_permissive_policy()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.polrelid::regclass::text,
           format('%s permissive policies for %s on %s: %s',
                  count(*), r.rolname, k.command, string_agg(p.polname, ', ' order by p.polname))
    from pg_policy p
    join pg_class c on c.oid = p.polrelid and c.relnamespace = 'public'::regnamespace
    join pg_roles r on r.rolname in ('anon', 'authenticated', 'service_role')
                   and p.polroles && array[r.oid, 0::oid]
    join (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete')) as k (code, command)
      on p.polcmd::text in (k.code, '*')
    where p.polpermissive
    group by p.polrelid, r.rolname, k.command
    having count(*) > 1;
$$;

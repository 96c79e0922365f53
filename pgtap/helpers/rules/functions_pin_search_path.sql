-- Every function of public and private runs with search_path = pg_catalog, pg_temp, whoever calls it.
create or replace function tests.functions_pin_search_path()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.oid::regprocedure::text,
           'its settings are ' || coalesce(array_to_string(p.proconfig, '; '), 'none')
    from pg_proc p
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and p.prokind in ('f', 'p', 'w')
      and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e');
$$;

-- Every column a policy filters by leads an index of its table.
create or replace function tests.policy_columns_are_indexed()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select distinct p.polrelid::regclass::text, format('no index begins with %I, which policy %s filters by', a.attname, p.polname)
    from pg_policy p
    join pg_class c on c.oid = p.polrelid and c.relnamespace = 'public'::regnamespace
    join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
                    and d.refclassid = 'pg_class'::regclass and d.refobjid = p.polrelid and d.refobjsubid > 0
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where not exists (
        select from pg_index i where i.indrelid = p.polrelid and i.indkey[0] = a.attnum and i.indpred is null);
$$;

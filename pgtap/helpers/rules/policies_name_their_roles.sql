-- A policy says for whom it is: one for PUBLIC would be evaluated for every role, anon included.
create or replace function tests.policies_name_their_roles()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.polrelid::regclass::text, 'policy ' || p.polname || ' is for PUBLIC'
    from pg_policy p
    join pg_class c on c.oid = p.polrelid and c.relnamespace = 'public'::regnamespace
    where 0::oid = any (p.polroles);
$$;

-- Row level security is enabled, and forced for the owner too, on every table of public.
create or replace function tests.rls_is_forced()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select c.oid::regclass::text,
           case when c.relrowsecurity then 'row level security is not forced' else 'row level security is off' end
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity);
$$;

-- A definer function belongs to a role that passes row level security: under forced RLS any other would update no row and
-- say nothing.
create or replace function tests.definers_pass_rls()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.oid::regprocedure::text, format('its owner %s neither is superuser nor has BYPASSRLS', r.rolname)
    from pg_proc p
    join pg_roles r on r.oid = p.proowner
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and p.prosecdef and not (r.rolsuper or r.rolbypassrls);
$$;

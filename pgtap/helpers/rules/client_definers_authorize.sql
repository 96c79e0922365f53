-- A SECURITY DEFINER function that a client may execute, in whatever schema, asks private.authorize() itself: it passes
-- every policy, and a schema that is not exposed today is one setting away from being so.
create or replace function tests.client_definers_authorize()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.oid::regprocedure::text, 'it never asks private.authorize()'
    from pg_proc p
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and p.prosecdef
      and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
      and regexp_replace(p.prosrc, '--[^\n]*', '', 'g') !~ '\mprivate\.authorize\(';
$$;

-- The exposed schema holds only SECURITY INVOKER functions: definer logic is behind them, in private.
create or replace function tests.public_functions_are_invokers()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.oid::regprocedure::text, 'it is SECURITY DEFINER'
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef;
$$;

-- A function that reads under RLS does not filter with @@, ilike or @>: these are not leakproof, so they cannot use an
-- index there. Such a search is a definer function that filters by org_id itself.
create or replace function tests.invokers_filter_leakproof()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select distinct p.oid::regprocedure::text, 'it filters with ' || m.operator[1]
    from pg_proc p
    cross join lateral regexp_matches(
        regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_functiondef(p.oid)), '--[^\n]*|''[^'']*''', '', 'g'),
        '(@@|\milike\M|@>|~~\*|!~~\*)', 'gi') as m (operator)
    where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
      and not p.prosecdef and p.prorettype <> 'trigger'::regtype and p.prokind = 'f';
$$;

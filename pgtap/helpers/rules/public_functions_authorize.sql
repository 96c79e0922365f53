-- Every function of public that a signed-in caller may execute asks private.authorize(), itself or in a function it
-- calls, and with its own name: the row of the matrix it is judged by is its own.
create or replace function tests.public_functions_authorize()
returns table (object text, problem text)
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    with own as (
        select p.oid, p.oid::regprocedure::text as object, n.nspname || '.' || p.proname as name,
               regexp_replace(coalesce(nullif(p.prosrc, ''), pg_get_functiondef(p.oid)), '--[^\n]*', '', 'g') as body
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace and n.nspname in ('public', 'private')
        where p.prokind = 'f'
    ),
    asked as (
        select o.oid, m.who[1] as who
        from own o cross join lateral regexp_matches(o.body, 'private\.authorize\(\s*''([^'']*)''', 'g') as m (who)
    ),
    reached as (
        select o.oid, o.object, o.name, a.who from own o join asked a using (oid)
        union
        select o.oid, o.object, o.name, a.who
        from own o
        join own inner_one on inner_one.name like 'private.%'
                          and o.body ~ ('\m' || replace(inner_one.name, '.', '\.') || '\(')
        join asked a on a.oid = inner_one.oid
    )
    select o.object, 'it never asks private.authorize()'
    from own o
    where o.name like 'public.%'
      and has_function_privilege('authenticated', o.oid, 'execute')
      and not exists (select from reached r where r.oid = o.oid and r.who = o.name)
    union all
    select o.object, format('it asks for %s, which is not in the matrix', a.who)
    from own o join asked a using (oid)
    where not exists (select from private.grant_matrix m where m.function = a.who);
$$;

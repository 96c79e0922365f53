-- plpgsql_check has nothing to say about any plpgsql function, trigger functions with each table they serve.
--
-- All its warnings count: unused and shadowed variables, hidden casts, volatility laxer than need be, injection. Its
-- guess at the volatility of a function with dynamic SQL is left out: it cannot see what the SQL does, and says so. So is a
-- parameter that the step after an effect, or a step of a saga, has no use for: its signature is the queue's, or the sagas'.
create or replace function tests.plpgsql_is_clean()
returns table (object text, problem text)
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with checked as (
        select p.oid, coalesce(t.tgrelid, 0::oid) as relid,
               p.prorettype in ('trigger'::regtype, 'event_trigger'::regtype) as is_trigger,
               p.proargnames in ('{p_effect,p_outcome,p_result}', '{p_saga,p_result,p_now}') as is_continuation
        from pg_proc p
        left join (select distinct g.tgfoid, g.tgrelid from pg_trigger g where not g.tgisinternal) t on t.tgfoid = p.oid
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
          and p.prolang = (select l.oid from pg_language l where l.lanname = 'plpgsql')
    )
    select c.oid::regprocedure::text, 'no trigger uses it'
    from checked c where c.is_trigger and c.relid = 0
    union
    select c.oid::regprocedure::text,
           concat_ws(' ', 'line', w.lineno, w.level, w.sqlstate, w.message, w.detail)
    from checked c
    cross join lateral extensions.plpgsql_check_function_tb(
        funcoid => c.oid::regprocedure, relid => c.relid::regclass, fatal_errors => false, all_warnings => true) w
    where not (c.is_trigger and c.relid = 0)
      and w.detail is distinct from 'attention: cannot to determine volatility of used dynamic SQL'
      and not (c.is_continuation and w.message ~ '^unused parameter "p_(outcome|result|now)"$');
end
$$;

-- What a rule finds, less what it is told to put up with (tests.rule_exceptions).
--
-- A rule is a function tests.<name>() that returns (object, problem): the same query checks the schema and is shown to
-- find a planted violation.
create or replace function tests.violations(p_rule text)
returns table (object text, problem text)
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return query execute format(
        'select v.object, v.problem from tests.%I() v
         where not exists (select from tests.rule_exceptions() e where e.rule = %1$L and e.object = v.object)
         order by 1, 2', p_rule);
end
$$;

-- The exceptions that excuse nothing: what they name keeps the rule, or is gone.
create or replace function tests.stale_exceptions()
returns table (rule text, object text)
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_exception record;
    v_needed boolean;
begin
    for v_exception in select e.rule, e.object from tests.rule_exceptions() e loop
        execute format('select exists (select from tests.%I() v where v.object = $1)', v_exception.rule)
            into v_needed using v_exception.object;
        if not v_needed then
            rule := v_exception.rule;
            object := v_exception.object;
            return next;
        end if;
    end loop;
end
$$;

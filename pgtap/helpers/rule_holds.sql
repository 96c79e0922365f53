-- Passes when nothing in the schema breaks the rule; names what does otherwise.
create or replace function tests.rule_holds(p_rule text)
returns text
language sql volatile security invoker
as $$
    select is_empty(format('select * from tests.violations(%L)', p_rule), replace(p_rule, '_', ' '));
$$;

-- Passes when the rule, after p_planted has run, finds something about p_object that it did not find before.
--
-- The planted violation is undone before the result is reported: pgTAP's own count would go back with it.
create or replace function tests.rule_catches(p_rule text, p_planted text, p_object text)
returns text
language plpgsql volatile security invoker
as $$
declare
    v_description constant text := replace(p_rule, '_', ' ') || ': a violation planted in ' || p_object || ' is found';
    v_before boolean;
    v_found text[];
begin
    select exists (select from tests.violations(p_rule) v where v.object = p_object) into v_before;
    begin
        execute p_planted;
        select array_agg(v.object) into v_found from tests.violations(p_rule) v;
        raise exception 'undo' using errcode = 'ZZ999';
    exception when sqlstate 'ZZ999' then
        null;
    end;

    if v_before then
        return fail(v_description) || E'\n' || diag(p_object || ' breaks the rule already.');
    end if;
    if p_object = any (v_found) then
        return pass(v_description);
    end if;
    return fail(v_description) || E'\n' || diag('It found: ' || coalesce(array_to_string(v_found, ', '), 'nothing'));
end
$$;

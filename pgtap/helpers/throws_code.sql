-- Passes when the statement raises exactly this error of the registry: the code in the hint, the status in the SQLSTATE.
--
-- The statement runs with the caller's role, claims and search_path; what it did before raising is undone. A code that
-- the registry does not have fails whatever the statement does.
create or replace function tests.throws_code(p_sql text, p_code text, p_description text default null)
returns text
language plpgsql volatile security invoker
as $$
declare
    v_expected text := 'PT' || tests.registry_status(p_code);
    v_description text := coalesce(p_description, 'raises ' || p_code);
    v_state text;
    v_message text;
    v_hint text;
begin
    if v_expected is null then
        return fail(v_description) || E'\n' || diag('The error registry has no code ' || p_code || '.');
    end if;

    begin
        execute p_sql;
    exception when others then
        get stacked diagnostics v_state = returned_sqlstate, v_message = message_text, v_hint = pg_exception_hint;
    end;

    if v_state = v_expected and v_hint = p_code then
        return pass(v_description);
    end if;
    return fail(v_description) || E'\n' || diag(format(
        E'wanted: %s %s\ncaught: %s', v_expected, p_code,
        coalesce(v_state || ' ' || coalesce(nullif(v_hint, ''), '(no code)') || ': ' || v_message, 'no error')));
end
$$;

-- Passes when the statement commits a refusal: it returns one JSON value with this code, and sets the response's status
-- for the transaction to the one of the registry.
--
-- What the statement wrote stays written, as it does for a client, so the test can look at it afterwards.
create or replace function tests.refuses_code(p_sql text, p_code text, p_description text default null)
returns text
language plpgsql volatile security invoker
as $$
declare
    v_expected text := tests.registry_status(p_code)::text;
    v_description text := coalesce(p_description, 'refuses with ' || p_code);
    v_answer jsonb;
    v_status text;
    v_error text;
begin
    if v_expected is null then
        return fail(v_description) || E'\n' || diag('The error registry has no code ' || p_code || '.');
    end if;

    perform set_config('response.status', '', true);
    begin
        execute p_sql into v_answer;
        v_status := nullif(current_setting('response.status', true), '');
    exception when others then
        get stacked diagnostics v_error = message_text;
    end;
    perform set_config('response.status', '', true);

    if v_answer ->> 'code' = p_code and v_status = v_expected then
        return pass(v_description);
    end if;
    return fail(v_description) || E'\n' || diag(format(
        E'wanted: %s %s\ngot:    %s', v_expected, p_code,
        coalesce('error: ' || v_error, coalesce(v_status, 'no status') || ' ' || coalesce(v_answer::text, 'NULL'))));
end
$$;

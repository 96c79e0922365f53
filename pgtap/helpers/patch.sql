-- Replaces one piece of text in a function's definition: how a mutant breaks a rule (pgtap/mutants).
--
-- The piece must be there exactly once. A mutant that no longer fits the function it was written for is an error, not a
-- survivor.
create or replace function tests.patch(p_function regproc, p_old text, p_new text)
returns void
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_definition constant text := pg_get_functiondef(p_function);
    v_times constant bigint := (length(v_definition) - length(replace(v_definition, p_old, ''))) / length(p_old);
begin
    if v_times <> 1 then
        raise exception 'The text to replace is in % % times: %', p_function, v_times, p_old;
    end if;
    execute replace(v_definition, p_old, p_new);
end
$$;

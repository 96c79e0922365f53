-- Makes sure that a table of reference data has a row for samples to point at.
create or replace function tests.sample_reference(p_table regclass)
returns void
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_filled boolean;
begin
    execute format('select exists (select from %s)', p_table) into v_filled;
    if not v_filled then
        perform tests.insert_sample(p_table, '{}');
    end if;
end
$$;

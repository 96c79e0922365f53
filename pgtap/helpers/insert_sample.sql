-- Inserts a row with these values, and a sample value in every other column that must have one.
create or replace function tests.insert_sample(p_table regclass, p_values jsonb)
returns void
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_values jsonb := p_values;
    v_column record;
begin
    for v_column in
        select a.attname, format_type(a.atttypid, null) as type
        from pg_attribute a
        where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
          and a.attgenerated = '' and a.attidentity = '' and not p_values ? a.attname
          and (a.attnotnull and not a.atthasdef
               or exists (select from tests.sample_values() s
                          where s.table_name = p_table::text and s.column_name = a.attname))
    loop
        execute format('select $1 || jsonb_build_object(%L, %L::%s)',
                       v_column.attname, tests.sample_value(p_table, v_column.attname), v_column.type)
            into v_values using v_values;
    end loop;

    execute format(
        'insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $1)', p_table,
        (select string_agg(format('%I', k), ', ' order by k) from jsonb_object_keys(v_values) k))
        using v_values;
end
$$;

-- A value for one column of a sample row: what tests.sample_values() says, else the first value its check constraint
-- lists, else something its type takes.
create or replace function tests.sample_value(p_table regclass, p_column name)
returns text
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_column pg_attribute;
    v_value text;
begin
    select * into strict v_column from pg_attribute a where a.attrelid = p_table and a.attname = p_column;

    select s.value into v_value from tests.sample_values() s
    where s.table_name = p_table::text and s.column_name = p_column;
    if found then
        return v_value;
    end if;

    select (regexp_match(pg_get_constraintdef(k.oid), 'ARRAY\[''([^'']+)'''))[1] into v_value
    from pg_constraint k
    where k.conrelid = p_table and k.contype = 'c' and k.conkey = array[v_column.attnum]
      and pg_get_constraintdef(k.oid) ~ 'ARRAY\['''
    limit 1;
    if found then
        return v_value;
    end if;

    return case
        when v_column.atttypid = 'uuid'::regtype then gen_random_uuid()::text
        when v_column.atttypid in ('integer'::regtype, 'bigint'::regtype, 'smallint'::regtype, 'numeric'::regtype) then '1'
        when v_column.atttypid = 'boolean'::regtype then 'true'
        when v_column.atttypid = 'jsonb'::regtype then '{}'
        when v_column.atttypid in ('timestamptz'::regtype, 'date'::regtype) then now()::text
        when v_column.atttypid = 'bytea'::regtype then '\x' || repeat('ab', 32)
        when v_column.atttypid = 'inet'::regtype then '192.0.2.1'
        when v_column.atttypid = 'interval'::regtype then '1 hour'
        when format_type(v_column.atttypid, null) like '%[]' then '{}'
        when v_column.attname like '%phone%' or v_column.attname like '%\_number' then '+447700900123'
        when v_column.attname like '%email%' then 'sample@example.test'
        when v_column.attname like '%url%' then 'https://example.test/sample'
        else 'sample'
    end;
end
$$;

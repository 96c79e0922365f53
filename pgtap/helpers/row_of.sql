-- One row of an organisation as it stands, whoever asks.
create or replace function tests.row_of(p_table regclass, p_org_column name, p_org uuid)
returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_row jsonb;
begin
    execute format('select to_jsonb(t) from %s t where t.%I = $1 limit 1', p_table, p_org_column) into v_row using p_org;
    return v_row;
end
$$;

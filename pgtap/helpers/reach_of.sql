-- What the caller can do to another organisation's rows of one table, as [{object, problem}]; empty when nothing.
create or replace function tests.reach_of(p_table regclass, p_org_column name, p_org uuid, p_who text)
returns jsonb
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_try record;
    v_count bigint;
    v_problems jsonb := '[]';
    v_row jsonb := tests.row_of(p_table, p_org_column, p_org);
    v_columns constant text := (
        select string_agg(format('%I', a.attname), ', ' order by a.attnum) from pg_attribute a
        where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and a.attgenerated = '');
begin
    if v_row is null then
        return jsonb_build_array(jsonb_build_object(
            'object', p_table::text, 'problem', 'the other organisation has no row in it to try'));
    end if;

    for v_try in
        select * from (values
            ('reads', format('select count(*) from %s t where t.%I = $1', p_table, p_org_column)),
            ('updates', format('with x as (update %s t set %2$I = t.%2$I where t.%2$I = $1 returning 1) select count(*) from x',
                               p_table, p_org_column)),
            ('deletes', format('with x as (delete from %s t where t.%I = $1 returning 1) select count(*) from x',
                               p_table, p_org_column)),
            ('inserts', format('with x as (insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $2) '
                               'returning 1) select count(*) from x', p_table, v_columns))
        ) as t (verb, statement)
    loop
        begin
            execute v_try.statement into v_count using p_org, v_row;
        exception
            when insufficient_privilege then
                v_count := 0;
            when others then
                -- Rows it could not reach would have raised nothing: a constraint or a trigger was met on the way.
                v_count := 1;
        end;
        if v_count > 0 then
            v_problems := v_problems || jsonb_build_object(
                'object', p_table::text, 'problem', format('%s %s another organisation''s rows', p_who, v_try.verb));
        end if;
    end loop;
    return v_problems;
end
$$;

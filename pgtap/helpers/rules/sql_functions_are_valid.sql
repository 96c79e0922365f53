-- Every function in language sql parses against the schema as it is: migrate makes them unchecked, in any order.
create or replace function tests.sql_functions_are_valid()
returns table (object text, problem text)
language plpgsql volatile security invoker
set search_path = pg_catalog, pg_temp
set check_function_bodies = on
as $$
declare
    v_function oid;
begin
    for v_function in
        select p.oid
        from pg_proc p
        join pg_language l on l.oid = p.prolang and l.lanname = 'sql'
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and p.prosqlbody is null
    loop
        begin
            perform fmgr_sql_validator(v_function);
        exception when others then
            object := v_function::regprocedure::text;
            problem := sqlerrm;
            return next;
        end;
    end loop;
end
$$;

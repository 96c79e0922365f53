-- A number that someone else wrote, as a number or as a text; NULL when it is none, or is beyond all sense.
create or replace function private.report_number(p_value jsonb)
returns numeric
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_number numeric;
begin
    if jsonb_typeof(p_value) = 'number'
        or jsonb_typeof(p_value) = 'string' and p_value #>> '{}' ~ '^\s*-?\d{1,15}(\.\d{1,20})?\s*$'
    then
        v_number := (p_value #>> '{}')::numeric;
    end if;
    return case when v_number between -1e15 and 1e15 then v_number end;
end
$$;

revoke execute on function private.report_number(jsonb) from public, anon, authenticated, service_role;

-- A number that someone else wrote, as a number or as a text; NULL when it is none, or is beyond all sense.
create or replace function private.report_number(p_value jsonb)
returns numeric
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when n.value between -1e15 and 1e15 then n.value end
    from (
        select case
            when jsonb_typeof(p_value) = 'number' then (p_value #>> '{}')::numeric
            when jsonb_typeof(p_value) = 'string' and p_value #>> '{}' ~ '^\s*-?\d{1,15}(\.\d{1,20})?\s*$'
                then (p_value #>> '{}')::numeric
        end
    ) as n (value);
$$;

revoke execute on function private.report_number(jsonb) from public, anon, authenticated, service_role;

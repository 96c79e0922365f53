-- The objects in a list; of an object that should have been a list, itself; of anything else, nothing.
create or replace function private.json_items(p_value jsonb)
returns setof jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select i.item
    from jsonb_array_elements(case jsonb_typeof(p_value)
        when 'array' then p_value when 'object' then jsonb_build_array(p_value) else '[]' end) as i (item)
    where jsonb_typeof(i.item) = 'object';
$$;

revoke execute on function private.json_items(jsonb) from public, anon, authenticated, service_role;

-- One argument of a tool, by any of its names: letter case, underscores and hyphens do not count. NULL when it is missing,
-- empty, or no single value.
create or replace function private.tool_argument(p_arguments jsonb, variadic p_names text[])
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select left(v.value, 2000)
    from jsonb_each(p_arguments) as a
    cross join lateral (
        select btrim(regexp_replace(a.value #>> '{}', '[[:space:][:cntrl:]]+', ' ', 'g')) as value,
               array_position(p_names, lower(regexp_replace(a.key, '[_ -]', '', 'g'))) as place
    ) as v
    where v.place is not null and jsonb_typeof(a.value) in ('string', 'number', 'boolean') and v.value <> ''
      and lower(v.value) not in ('null', 'undefined', 'none', 'n/a')
    order by v.place, a.key
    limit 1;
$$;

revoke execute on function private.tool_argument(jsonb, text[]) from public, anon, authenticated, service_role;

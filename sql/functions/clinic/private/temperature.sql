-- How warm a lead of a score is.
create or replace function private.temperature(p_score integer)
returns text
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case when p_score >= 70 then 'hot' when p_score >= 40 then 'warm' else 'cold' end;
$$;

revoke execute on function private.temperature(integer) from public, anon, authenticated, service_role;

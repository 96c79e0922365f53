-- The order of the roles: each may do what the ones below it may. NULL for anything that is no role.
create or replace function private.role_rank(p_role text)
returns integer
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select case p_role when 'user' then 1 when 'manager' then 2 when 'admin' then 3 end;
$$;

revoke execute on function private.role_rank(text) from public, anon, authenticated, service_role;

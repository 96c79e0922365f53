-- The order of the roles: each may do what the ones below it may. NULL for anything that is no role.
--
-- plpgsql, because a SQL function that pins its search_path is planned anew at every call.
create or replace function private.role_rank(p_role text)
returns integer
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    return array_position(array['user', 'manager', 'admin'], p_role);
end
$$;

revoke execute on function private.role_rank(text) from public, anon, authenticated, service_role;

-- The work of public.list_managed_numbers().
--
-- Raises what private.authorize() raises.
create or replace function private.list_managed_numbers()
returns setof public.managed_number
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_managed_numbers');
begin
    return query
        select m.* from public.managed_phone_numbers n, private.managed_number(n) m
        where n.org_id = v_caller.org_id
        order by n.created_at desc, n.id;
end
$$;

revoke execute on function private.list_managed_numbers() from public, anon, authenticated, service_role;
grant execute on function private.list_managed_numbers() to authenticated;

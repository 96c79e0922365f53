-- The people of the caller's organisation, oldest first; former members only when asked for.
--
-- Raises what private.authorize() raises.
create or replace function public.list_members(p_include_inactive boolean default false)
returns setof public.profiles
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.list_members');
begin
    return query
    select p.*
    from public.profiles p
    where p.org_id = v_caller.org_id and (p.status <> 'inactive' or p_include_inactive)
    order by p.created_at, p.id;
end
$$;

revoke execute on function public.list_members(boolean) from public, anon, authenticated, service_role;
grant execute on function public.list_members(boolean) to authenticated;

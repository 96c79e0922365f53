-- Removes a person from the caller's organisation; they read nothing from this moment on, whatever their token says.
--
-- The profile stays as inactive: what they did keeps a name, and adding them again makes it active. The last active admin
-- cannot be removed.
--
-- Raises 404 member_not_found, 409 last_admin, and what private.authorize() raises.
create or replace function public.remove_member(p_member_id uuid)
returns public.profiles
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.remove_member(p_member_id);
$$;

revoke execute on function public.remove_member(uuid) from public, anon, authenticated, service_role;
grant execute on function public.remove_member(uuid) to authenticated;

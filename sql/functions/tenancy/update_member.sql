-- Changes a member of the caller's organisation: a patch, in which an absent key stays and null clears.
--
-- Keys: role, status ('active' or 'suspended'; removing is public.remove_member()), full_name, phone, avatar_url. The last
-- active admin can be neither demoted nor suspended.
--
-- Raises 404 member_not_found, 409 last_admin, 422 unknown_field, 422 invalid_value, and what private.authorize() raises.
create or replace function public.update_member(p_member_id uuid, p_patch jsonb)
returns public.profiles
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.update_member(p_member_id, p_patch);
$$;

revoke execute on function public.update_member(uuid, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.update_member(uuid, jsonb) to authenticated;

-- The caller's role, when the profile is active and belongs to the organisation of the claims; else NULL.
--
-- API keys have no role: they act with their scopes. The id is compared as text: a subject that is no uuid is nobody.
create or replace function public.auth_role_in_org()
returns text
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select p.role
    from public.profiles p
    where p.org_id = (select private.member_org_id()) and p.id::text = lower(auth.jwt() ->> 'sub');
$$;

revoke execute on function public.auth_role_in_org() from public, anon, authenticated, service_role;
grant execute on function public.auth_role_in_org() to authenticated, service_role;

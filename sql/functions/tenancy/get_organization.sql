-- The caller's organisation.
--
-- Raises what private.authorize() raises.
create or replace function public.get_organization()
returns public.organizations
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    v_caller constant private.caller := private.authorize('public.get_organization');
    v_organization public.organizations;
begin
    select o.* into v_organization from public.organizations o where o.id = v_caller.org_id;
    return v_organization;
end
$$;

revoke execute on function public.get_organization() from public, anon, authenticated, service_role;
grant execute on function public.get_organization() to authenticated;

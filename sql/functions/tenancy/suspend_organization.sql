-- Suspends an organisation: from this moment it reads nothing and changes nothing. For the operator.
--
-- Raises 403 not_allowed, 404 organization_not_found.
create or replace function public.suspend_organization(p_org_id uuid, p_reason text)
returns public.organizations
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_suspension('public.suspend_organization', p_org_id, true, p_reason);
$$;

revoke execute on function public.suspend_organization(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.suspend_organization(uuid, text) to service_role;

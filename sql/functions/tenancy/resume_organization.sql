-- Lifts the suspension of an organisation. For the operator.
--
-- Raises 403 not_allowed, 404 organization_not_found.
create or replace function public.resume_organization(p_org_id uuid, p_reason text default null)
returns public.organizations
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_suspension('public.resume_organization', p_org_id, false, p_reason);
$$;

revoke execute on function public.resume_organization(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.resume_organization(uuid, text) to service_role;

-- Gives one organisation its own answer to a flag, or with null takes it back; for the operator.
--
-- Raises 403 not_allowed, 404 organization_not_found, 404 feature_flag_not_found.
create or replace function public.set_org_feature_flag(p_org_id uuid, p_name text, p_enabled boolean)
returns void
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_org_feature_flag(p_org_id, p_name, p_enabled);
$$;

revoke execute on function public.set_org_feature_flag(uuid, text, boolean) from public, anon, authenticated, service_role;
grant execute on function public.set_org_feature_flag(uuid, text, boolean) to service_role;

-- Makes or changes a feature flag for every organisation; for the operator.
--
-- Raises 403 not_allowed, 422 invalid_value.
create or replace function public.set_feature_flag(
    p_name text, p_enabled boolean, p_rollout_percentage integer default 100, p_description text default null)
returns public.feature_flags
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.set_feature_flag(p_name, p_enabled, p_rollout_percentage, p_description);
$$;

revoke execute on function public.set_feature_flag(text, boolean, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.set_feature_flag(text, boolean, integer, text) to service_role;

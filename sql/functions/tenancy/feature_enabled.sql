-- Whether a feature is on for the caller's organisation. A flag nobody has set up is off.
--
-- Raises what private.authorize() raises.
create or replace function public.feature_enabled(p_name text)
returns boolean
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.feature_enabled');
    return coalesce((select f.enabled from private.org_flags() as f where f.name = p_name), false);
end
$$;

revoke execute on function public.feature_enabled(text) from public, anon, authenticated, service_role;
grant execute on function public.feature_enabled(text) to authenticated;

-- Every feature flag and whether it is on for the caller's organisation, by name.
--
-- Raises what private.authorize() raises.
create or replace function public.list_feature_flags()
returns table (name text, description text, enabled boolean)
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.list_feature_flags');
    return query
    select f.name, f.description, f.enabled from private.org_flags() as f order by f.name;
end
$$;

revoke execute on function public.list_feature_flags() from public, anon, authenticated, service_role;
grant execute on function public.list_feature_flags() to authenticated;

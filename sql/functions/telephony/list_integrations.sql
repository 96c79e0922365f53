-- What the organisation has connected and could connect: as whom, since when, and whether it works; never a secret.
--
-- Raises what private.authorize() raises.
create or replace function public.list_integrations()
returns setof public.integration_state
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.list_integrations();
$$;

revoke execute on function public.list_integrations() from public, anon, authenticated, service_role;
grant execute on function public.list_integrations() to authenticated;

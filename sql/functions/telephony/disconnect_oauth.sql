-- Disconnects a calendar: its credential is gone from here at once, and its token is revoked at the provider.
--
-- Raises 404 integration_not_found, and what private.authorize() raises.
create or replace function public.disconnect_oauth(p_provider text)
returns public.integration_state
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.disconnect_oauth(p_provider);
$$;

revoke execute on function public.disconnect_oauth(text) from public, anon, authenticated, service_role;
grant execute on function public.disconnect_oauth(text) to authenticated;

-- How the organisation's calls are kept, and when it calls people.
--
-- Raises what private.authorize() raises.
create or replace function public.get_call_settings()
returns public.call_settings
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.get_call_settings();
$$;

revoke execute on function public.get_call_settings() from public, anon, authenticated, service_role;
grant execute on function public.get_call_settings() to authenticated;

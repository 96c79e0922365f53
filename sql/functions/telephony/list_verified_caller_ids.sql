-- The numbers the organisation may show when it calls, and those it began to verify, the newest first.
--
-- Raises what private.authorize() raises.
create or replace function public.list_verified_caller_ids()
returns public.verified_numbers
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.list_verified_caller_ids();
$$;

revoke execute on function public.list_verified_caller_ids() from public, anon, authenticated, service_role;
grant execute on function public.list_verified_caller_ids() to authenticated;

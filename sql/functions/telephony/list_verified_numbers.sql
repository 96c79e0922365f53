-- The numbers the organisation had verified or began to, the newest first.
--
-- Raises what private.authorize() raises.
create or replace function public.list_verified_numbers()
returns public.verified_numbers
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.list_verified_numbers();
$$;

revoke execute on function public.list_verified_numbers() from public, anon, authenticated, service_role;
grant execute on function public.list_verified_numbers() to authenticated;

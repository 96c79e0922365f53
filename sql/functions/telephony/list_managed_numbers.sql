-- The numbers the organisation has, had or is getting, the newest first.
--
-- Raises what private.authorize() raises.
create or replace function public.list_managed_numbers()
returns setof public.managed_number
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.list_managed_numbers();
$$;

revoke execute on function public.list_managed_numbers() from public, anon, authenticated, service_role;
grant execute on function public.list_managed_numbers() to authenticated;

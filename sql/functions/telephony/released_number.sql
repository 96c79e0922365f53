-- The number of an operation of public.release_number(), as it stands.
--
-- Raises 404 operation_not_found, and what private.authorize() raises.
create or replace function public.released_number(p_operation_id uuid)
returns public.managed_number
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.released_number(p_operation_id);
$$;

revoke execute on function public.released_number(uuid) from public, anon, authenticated, service_role;
grant execute on function public.released_number(uuid) to authenticated;

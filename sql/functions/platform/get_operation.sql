-- How far something is that was promised with a 202, for the organisation it belongs to.
--
-- Raises 404 operation_not_found, and what private.authorize() raises.
create or replace function public.get_operation(p_id uuid)
returns public.operation
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.get_operation(p_id);
$$;

revoke execute on function public.get_operation(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_operation(uuid) to authenticated;

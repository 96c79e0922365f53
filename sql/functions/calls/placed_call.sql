-- The call an operation of public.call_back() or public.test_call() led to.
--
-- Raises 404 operation_not_found, 502 call_not_placed, and what private.authorize() raises.
create or replace function public.placed_call(p_operation_id uuid)
returns public.placed_call
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.placed_call(p_operation_id);
$$;

revoke execute on function public.placed_call(uuid) from public, anon, authenticated, service_role;
grant execute on function public.placed_call(uuid) to authenticated;

-- The call an operation of public.test_call() led to.
--
-- Raises 404 operation_not_found, 502 call_not_placed, and what private.authorize() raises.
create or replace function public.placed_test_call(p_operation_id uuid)
returns public.placed_call
language plpgsql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.authorize('public.placed_test_call');
    return private.placed_call(p_operation_id);
end
$$;

revoke execute on function public.placed_test_call(uuid) from public, anon, authenticated, service_role;
grant execute on function public.placed_test_call(uuid) to authenticated;

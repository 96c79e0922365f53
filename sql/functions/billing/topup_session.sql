-- The page a top-up is paid on, by the operation that fetches it; NULLs while Stripe has not answered.
--
-- Raises 404 operation_not_found, 502 checkout_failed, and what private.authorize() raises.
create or replace function public.topup_session(p_operation_id uuid)
returns public.checkout_session
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.topup_session(p_operation_id);
$$;

revoke execute on function public.topup_session(uuid) from public, anon, authenticated, service_role;
grant execute on function public.topup_session(uuid) to authenticated;

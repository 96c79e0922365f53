-- What came of public.initiate_caller_id(), by its operation; NULLs while Twilio has not answered.
--
-- Raises 404 operation_not_found, 422 phone_number_refused, 409 caller_id_blocked, 502 provider_refused,
-- and what private.authorize() raises.
create or replace function public.caller_id_initiated(p_operation_id uuid)
returns public.caller_id_initiation
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.caller_id_initiated(p_operation_id);
$$;

revoke execute on function public.caller_id_initiated(uuid) from public, anon, authenticated, service_role;
grant execute on function public.caller_id_initiated(uuid) to authenticated;

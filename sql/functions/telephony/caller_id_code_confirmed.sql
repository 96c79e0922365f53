-- What Twilio's list said for public.confirm_caller_id_code(), by its operation; NULLs while it has not answered.
--
-- Raises 404 operation_not_found, 409 not_yet_confirmed, 502 provider_refused, and what private.authorize() raises.
create or replace function public.caller_id_code_confirmed(p_operation_id uuid)
returns public.caller_id_confirmation
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.caller_id_code_confirmed(p_operation_id);
$$;

revoke execute on function public.caller_id_code_confirmed(uuid) from public, anon, authenticated, service_role;
grant execute on function public.caller_id_code_confirmed(uuid) to authenticated;

-- The number an operation of public.provision_number() led to.
--
-- Raises 404 operation_not_found, 422 twilio_account_inactive, 409 number_unavailable, 422 number_invalid,
-- 409 country_requirements_unmet, 409 number_taken, 502 vapi_refused_number, 502 provider_refused, and what private.authorize() raises.
create or replace function public.provisioned_number(p_operation_id uuid)
returns public.managed_number
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.provisioned_number(p_operation_id);
$$;

revoke execute on function public.provisioned_number(uuid) from public, anon, authenticated, service_role;
grant execute on function public.provisioned_number(uuid) to authenticated;

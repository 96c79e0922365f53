-- What became of connecting the organisation's own Twilio account: how it stands now, or why it failed.
--
-- Raises 404 operation_not_found, 422 twilio_credentials_wrong, 422 twilio_account_inactive, 422 number_not_in_account,
-- 409 twilio_account_taken, 409 number_taken, 502 vapi_refused_number, 502 provider_refused, and what private.authorize() raises.
create or replace function public.connected_twilio(p_operation_id uuid)
returns public.integration_state
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.connected_twilio(p_operation_id);
$$;

revoke execute on function public.connected_twilio(uuid) from public, anon, authenticated, service_role;
grant execute on function public.connected_twilio(uuid) to authenticated;

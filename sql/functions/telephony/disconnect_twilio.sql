-- Disconnects the organisation's own Twilio account: its keys are gone from here at once, the providers follow. Answers the
-- operation to follow; asked again meanwhile, the same one.
--
-- Raises 404 integration_not_found, 409 integration_busy, and what private.authorize() raises.
create or replace function public.disconnect_twilio()
returns public.operation
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.disconnect_twilio();
$$;

revoke execute on function public.disconnect_twilio() from public, anon, authenticated, service_role;
grant execute on function public.disconnect_twilio() to authenticated;

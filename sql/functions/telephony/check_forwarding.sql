-- Calls a phone and sees whether the call comes back to Voxanne; answers the operation to follow first. What came of it is
-- public.forwarding_checked().
--
-- Raises 404 forwarding_config_not_found, 409 forwarding_ended, 409 telephony_not_configured, and what private.authorize()
-- raises.
create or replace function public.check_forwarding(p_id uuid)
returns public.operation
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.check_forwarding(p_id);
$$;

revoke execute on function public.check_forwarding(uuid) from public, anon, authenticated, service_role;
grant execute on function public.check_forwarding(uuid) to authenticated;

-- Whether Stripe's events arrive and the ledger's credits match them.
--
-- Raises what private.authorize() raises.
create or replace function public.webhook_verification_health()
returns public.webhook_health
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.webhook_verification_health();
$$;

revoke execute on function public.webhook_verification_health() from public, anon, authenticated, service_role;
grant execute on function public.webhook_verification_health() to authenticated;

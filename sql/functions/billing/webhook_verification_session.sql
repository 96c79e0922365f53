-- Whether a checkout's money is in the wallet: what the page that Stripe leads back to asks.
--
-- Raises 404 checkout_not_found, and what private.authorize() raises.
create or replace function public.webhook_verification_session(p_session_id text)
returns public.checkout_verification
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.webhook_verification_session(p_session_id);
$$;

revoke execute on function public.webhook_verification_session(text) from public, anon, authenticated, service_role;
grant execute on function public.webhook_verification_session(text) to authenticated;

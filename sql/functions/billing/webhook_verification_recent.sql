-- The organisation's newest events of Stripe's and what was made of each: 20, or as many as are asked for, 100 at most.
--
-- Raises 422 invalid_value, and what private.authorize() raises.
create or replace function public.webhook_verification_recent(p_limit integer default 20)
returns setof public.stripe_event_summary
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select * from private.webhook_verification_recent(p_limit);
$$;

revoke execute on function public.webhook_verification_recent(integer) from public, anon, authenticated, service_role;
grant execute on function public.webhook_verification_recent(integer) to authenticated;

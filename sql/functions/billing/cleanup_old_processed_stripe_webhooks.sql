-- Drops Stripe's events 90 days after they came and answers how many: see the private function.
create or replace function public.cleanup_old_processed_stripe_webhooks()
returns integer
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.cleanup_old_processed_stripe_webhooks(now());
$$;

revoke execute on function public.cleanup_old_processed_stripe_webhooks() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_processed_stripe_webhooks() to service_role;

-- Drops webhook events 24 hours after they were processed and answers how many: see the private function.
create or replace function public.cleanup_old_webhook_events()
returns integer
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.cleanup_old_webhook_events(now());
$$;

revoke execute on function public.cleanup_old_webhook_events() from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_webhook_events() to service_role;

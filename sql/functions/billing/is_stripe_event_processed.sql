-- Whether something was made of this event of Stripe's: see the private function.
create or replace function public.is_stripe_event_processed(p_event_id text)
returns boolean
language sql stable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.is_stripe_event_processed(p_event_id);
$$;

revoke execute on function public.is_stripe_event_processed(text) from public, anon, authenticated, service_role;
grant execute on function public.is_stripe_event_processed(text) to service_role;

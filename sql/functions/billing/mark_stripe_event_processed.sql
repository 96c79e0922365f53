-- Notes that an event of Stripe's is processed; false when it was there: see the private function.
create or replace function public.mark_stripe_event_processed(
    p_event_id text, p_event_type text, p_org_id uuid default null, p_event_data jsonb default '{}')
returns boolean
language sql volatile security invoker
set search_path = pg_catalog, pg_temp
as $$
    select private.mark_stripe_event_processed(p_event_id, p_event_type, p_org_id, p_event_data);
$$;

revoke execute on function public.mark_stripe_event_processed(text, text, uuid, jsonb)
    from public, anon, authenticated, service_role;
grant execute on function public.mark_stripe_event_processed(text, text, uuid, jsonb) to service_role;

-- Whether something was made of this event of Stripe's in the last 90 days. One that failed is still to be processed.
create or replace function private.is_stripe_event_processed(p_event_id text)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select exists (
        select from public.processed_stripe_webhooks e where e.event_id = p_event_id and e.status <> 'failed');
$$;

revoke execute on function private.is_stripe_event_processed(text) from public, anon, authenticated, service_role;
grant execute on function private.is_stripe_event_processed(text) to service_role;

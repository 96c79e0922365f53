-- Notes that an event of Stripe's is processed, for whoever processes some elsewhere. False when it was there already; one
-- that had failed counts as not there.
create or replace function private.mark_stripe_event_processed(
    p_event_id text, p_event_type text, p_org_id uuid, p_event_data jsonb, p_now timestamptz default now())
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.processed_stripe_webhooks as e (
        event_id, event_type, org_id, status, received_at, processed_at, event_data, created_at, updated_at)
    values (p_event_id, p_event_type, p_org_id, 'processed', p_now, p_now, coalesce(p_event_data, '{}'), p_now, p_now)
    on conflict (event_id) do update set
        org_id = excluded.org_id, status = 'processed', processed_at = excluded.processed_at, error_message = null,
        updated_at = excluded.updated_at
    where e.status = 'failed';
    return found;
end
$$;

revoke execute on function private.mark_stripe_event_processed(text, text, uuid, jsonb, timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.mark_stripe_event_processed(text, text, uuid, jsonb, timestamptz) to service_role;

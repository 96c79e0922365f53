-- Drops Stripe's events 90 days after they came, and answers how many. One that failed stays while its raw row is still to
-- be dealt with. What guards the money is the ledger's own keys, which stay for ever.
create or replace function private.cleanup_old_processed_stripe_webhooks(p_now timestamptz default now())
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    delete from public.processed_stripe_webhooks e
    where e.received_at < p_now - interval '90 days'
      and not (e.status = 'failed' and exists (
          select from private.webhook_inbox w
          where w.provider = 'stripe' and w.event_id = e.event_id and w.finished_at is null));
    get diagnostics v_count = row_count;
    return v_count;
end
$$;

revoke execute on function private.cleanup_old_processed_stripe_webhooks(timestamptz)
    from public, anon, authenticated, service_role;
grant execute on function private.cleanup_old_processed_stripe_webhooks(timestamptz) to service_role;

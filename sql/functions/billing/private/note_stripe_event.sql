-- Notes what was made of one of Stripe's events. What it did the first time stands: a repetition that had nothing left to
-- do, or failed, does not unsay it.
create or replace function private.note_stripe_event(
    p_event jsonb, p_verdict private.webhook_verdict, p_now timestamptz default now())
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into public.processed_stripe_webhooks as e (
        event_id, event_type, org_id, status, received_at, processed_at, error_message, event_data, created_at, updated_at)
    values (
        p_event ->> 'id', p_event ->> 'type', p_verdict.org_id, p_verdict.status, p_now,
        case when p_verdict.status <> 'failed' then p_now end, p_verdict.problem, p_event, p_now, p_now)
    on conflict (event_id) do update set
        org_id = excluded.org_id, status = excluded.status, processed_at = excluded.processed_at,
        error_message = excluded.error_message, updated_at = excluded.updated_at
    where e.status = 'failed';
$$;

revoke execute on function private.note_stripe_event(jsonb, private.webhook_verdict, timestamptz)
    from public, anon, authenticated, service_role;

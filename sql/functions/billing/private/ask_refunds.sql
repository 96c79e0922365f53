-- Asks Stripe which refunds a payment really has. One after the other: the last answer is the newest.
create or replace function private.ask_refunds(p_org_id uuid, p_payment_intent text, p_now timestamptz)
returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
    select private.enqueue_effect(
        p_org_id => p_org_id,
        p_kind => 'stripe.refunds',
        p_payload => jsonb_build_object('org_id', p_org_id, 'payment_intent', p_payment_intent),
        p_queue_key => 'refunds:' || p_payment_intent,
        p_run_at => p_now);
$$;

revoke execute on function private.ask_refunds(uuid, text, timestamptz) from public, anon, authenticated, service_role;

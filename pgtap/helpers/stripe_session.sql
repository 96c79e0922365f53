-- A paid checkout of an organisation's customer as Stripe's events hold it, with p_more laid over it.
create or replace function tests.stripe_session(p_org uuid, p_id text, p_payment_intent text, p_amount bigint, p_more jsonb default '{}')
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'object', 'checkout.session', 'id', p_id, 'mode', 'payment', 'payment_intent', p_payment_intent,
        'amount_total', p_amount, 'currency', 'gbp', 'customer', o.stripe_customer_id, 'payment_status', 'paid',
        'status', 'complete', 'client_reference_id', o.id, 'metadata', jsonb_build_object('org_id', o.id)) || p_more
    from public.organizations o
    where o.id = p_org;
$$;

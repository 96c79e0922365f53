-- A payment intent of an organisation's customer as Stripe's events hold it, with p_more laid over it.
create or replace function tests.stripe_intent(p_org uuid, p_id text, p_amount bigint, p_more jsonb default '{}')
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'object', 'payment_intent', 'id', p_id, 'amount', p_amount, 'amount_received', p_amount, 'currency', 'gbp',
        'customer', o.stripe_customer_id, 'created', 1790000000, 'status', 'succeeded', 'setup_future_usage', null,
        'payment_method', 'pm_' || p_id, 'latest_charge', 'ch_' || p_id,
        'metadata', jsonb_build_object('org_id', o.id)) || p_more
    from public.organizations o
    where o.id = p_org;
$$;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

select tests.org('Smile') as org \gset
select tests.stripe_customer(:'org') as customer, 'pi_q' || substr(:'org', 1, 8) as pi \gset
create function pg_temp.paid(p_org uuid, p_pi text, p_more jsonb) returns text language sql as $$
    select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(p_org, p_pi, 2500, '{"setup_future_usage": "off_session"}' || p_more));
$$;
create function pg_temp.card(p_org uuid) returns text language sql as $$
    select w.stripe_payment_method_id from public.credit_wallets w where w.org_id = p_org;
$$;
select pg_temp.paid(:'org', :'pi' || '1', '{"setup_future_usage": null}');
select is(pg_temp.card(:'org'), null, 'a card is not kept unless it was given for that');
select pg_temp.paid(:'org', :'pi' || '2', '{"payment_method": "pm_2", "created": 1790000200}');
select is(pg_temp.card(:'org'), 'pm_2', 'one that was is');
select is(payment_method_at, to_timestamp(1790000200), 'with its time') from public.credit_wallets where org_id = :'org';
select pg_temp.paid(:'org', :'pi' || '3', '{"payment_method": "pm_3", "created": 1790000100}');
select is(pg_temp.card(:'org'), 'pm_2', 'an older one that is heard of later does not take its place');
select pg_temp.paid(:'org', :'pi' || '4', '{"payment_method": {"id": "pm_4", "object": "payment_method"}, "created": 1790000300}');
select is(pg_temp.card(:'org'), 'pm_4', 'a newer one does');
select pg_temp.paid(:'org', :'pi' || '6', '{"payment_method": "pm_6", "created": 1790000600}');
select pg_temp.paid(:'org', :'pi' || '5', '{"payment_method": "pm_5", "created": 1790000600}');
select is(pg_temp.card(:'org'), 'pm_6', 'of two of the same second always the same');
select pg_temp.paid(:'org', :'pi' || '7', '{"payment_method": "pm_7", "created": 1790000700, "currency": "usd"}');
select is(pg_temp.card(:'org'), 'pm_6', 'a payment that is refused leaves no card');
select private.claim_stripe_object('stripe_customer', :'customer' || 'b', :'org');
select pg_temp.paid(:'org', :'pi' || '8', jsonb_build_object('payment_method', 'pm_8', 'created', 1790000800, 'customer', :'customer' || 'b'));
select is(pg_temp.card(:'org'), 'pm_6', 'nor does one of a customer that would not be charged');

select is(tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', 'cs_9' || :'pi', :'pi' || '9', 2500)), 'processed', 'its checkout may be heard of first');
update public.credit_wallets set
    auto_recharge_enabled = true, auto_recharge_threshold_pence = 90000, auto_recharge_amount_pence = 2500,
    recharge_failures = 2, recharge_blocked_until = now() + interval '1 hour'
where org_id = :'org';
select is(pg_temp.paid(:'org', :'pi' || '9', '{"payment_method": "pm_9", "created": 1790000900}'), 'duplicate', 'and the card with the payment''s own event');
select is(pg_temp.card(:'org'), 'pm_9', 'is kept all the same');
select is(recharge_failures, 0, 'another card has no declines behind it') from public.credit_wallets where org_id = :'org';
select is(stripe_payment_method_id, 'pm_9', 'and is charged at once where that is due') from public.wallet_recharges where org_id = :'org' and status = 'pending';

select * from finish();
rollback;

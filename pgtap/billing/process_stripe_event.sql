begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(42);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.stripe_customer(:'org') as customer, tests.stripe_customer(:'other') as other_customer \gset
select * from (values ('pi_event_1' || substr(:'org', 1, 8), 'cs_event_1' || substr(:'org', 1, 8))) v (pi, cs) \gset
create function pg_temp.balance(p_org uuid) returns bigint language sql as $$
    select w.balance_pence from public.credit_wallets w where w.org_id = p_org;
$$;
create function pg_temp.noted(p_event text) returns text language sql as $$
    select e.status from public.processed_stripe_webhooks e where e.event_id = p_event;
$$;

-- One payment, told of several times.
select is(tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', :'cs', :'pi', 2500), 'evt_a' || :'pi'), 'processed', 'a paid checkout is processed');
select is(pg_temp.balance(:'org'), 2500::bigint, 'its money is in the wallet');
select results_eq(
    format($$ select type, amount_pence, idempotency_key, description from public.credit_transactions where org_id = %L $$, :'org'),
    format($$ values ('topup', 2500::bigint, 'stripe:' || %L, 'Top-up') $$, :'pi'), 'under the payment''s key');
select is(pg_temp.noted('evt_a' || :'pi'), 'processed', 'and the event is noted');
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi', 2500), 'evt_b' || :'pi'), 'duplicate', 'the payment''s other event finds it done');
select is(pg_temp.noted('evt_b' || :'pi'), 'duplicate', 'and is noted as moving no money');
select is(tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', :'cs', :'pi', 2500), 'evt_a' || :'pi', now() + interval '24 hours'), 'duplicate', 'the first once more a day later');
select is(pg_temp.noted('evt_a' || :'pi'), 'processed', 'what it did stays noted');
delete from public.processed_stripe_webhooks where org_id = :'org';
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi', 2500), 'evt_b' || :'pi', now() + interval '91 days'), 'duplicate', 'and after 90 days, when nobody remembers the event');
select is(pg_temp.balance(:'org'), 2500::bigint, 'one credit');
select is(
    tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_2', 3000)), 'processed', 'the payment''s own event first');
select is(
    tests.hear_stripe('checkout.session.async_payment_succeeded', tests.stripe_session(:'org', :'cs' || '_2', :'pi' || '_2', 3000)), 'duplicate',
    'then its checkout''s');
select is(pg_temp.balance(:'org'), 5500::bigint, 'is one credit too');
select is(d.org_id, :'org', 'the payment is in the directory') from private.directory d where d.kind = 'stripe_payment_intent' and d.key = :'pi' || '_2';

-- What the money is.
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_3', 2500,
    jsonb_build_object('amount_received', 2600, 'metadata', jsonb_build_object('org_id', :'org', 'amount_pence', '999999')))), 'processed', 'the amount is the one received');
select is(pg_temp.balance(:'org'), 8100::bigint, 'never the one in the metadata');
select is(tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', :'cs' || '_4', :'pi' || '_4', 2500, '{"payment_status": "unpaid"}')), 'processed', 'a checkout that is not paid yet is heard');
select is(pg_temp.balance(:'org'), 8100::bigint, 'and moves nothing');
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_5', 2500, '{"currency": "usd"}'), 'evt_usd' || :'pi'), 'failed: It was paid in usd, and wallets hold pounds.', 'another currency is refused');
select is(pg_temp.noted('evt_usd' || :'pi'), 'failed', 'and noted as failed');
select is(error_message, 'It was paid in usd, and wallets hold pounds.', 'with the reason') from public.processed_stripe_webhooks where event_id = 'evt_usd' || :'pi';
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_5', 2500, '{"currency": null}')), 'failed: It was paid in no currency, and wallets hold pounds.');
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_5', 2500, '{"amount_received": "2500"}')), 'failed: It names no amount.', 'an amount is a number');
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_5', 2500, '{"amount_received": 25.5}')), 'failed: It names no amount.', 'a whole one');
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_5', 2500, '{"amount_received": 9999999999}')), 'failed: It names no amount.', 'that Stripe could mean');
select is(tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_5', 2500, '{"amount_received": -2500}')), 'failed: It names no amount.', 'and not negative');

-- Whose it is.
select is(
    tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_6', 2500, '{"customer": "cus_unknown"}'), 'evt_unknown' || :'pi'),
    'failed: Nobody here knows its customer or its payment.', 'an unknown customer''s payment is nobody''s, whatever its metadata says');
select is(
    (private.process_stripe_event(jsonb_build_object('id', 'evt_x' || :'pi', 'type', 'payment_intent.succeeded', 'data', jsonb_build_object(
        'object', tests.stripe_intent(:'org', :'pi' || '_6', 2500, '{"customer": "cus_unknown"}'))))).try_again, true, 'yet it may be known later');
select is(
    tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_6', 2500), 'evt_unknown' || :'pi'), 'processed',
    'and then it is processed');
select is(pg_temp.noted('evt_unknown' || :'pi'), 'processed', 'and no longer noted as failed');
select is(
    tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || '_7', 2500,
        jsonb_build_object('metadata', jsonb_build_object('org_id', :'other')))),
    'failed: Its metadata names another organisation than its customer or payment.', 'metadata that names another organisation is refused');
select is(
    tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', :'cs' || '_7', :'pi' || '_7', 2500,
        jsonb_build_object('client_reference_id', :'other'))),
    'failed: Its metadata names another organisation than its customer or payment.', 'so is a reference that does');
select is(
    tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'other', :'pi' || '_2', 2500)),
    'failed: Its customer and its payment belong to different organisations.', 'a payment of ours with another''s customer is refused');
select is(
    (private.process_stripe_event(jsonb_build_object('id', 'evt_y' || :'pi', 'type', 'payment_intent.succeeded', 'data', jsonb_build_object(
        'object', tests.stripe_intent(:'other', :'pi' || '_2', 2500))))).try_again, false, 'for good');
select is(pg_temp.balance(:'other'), 0::bigint, 'nobody else was credited');
select is(pg_temp.balance(:'org'), 10600::bigint, 'nor anything twice');
select is_empty(
    format($$ select from private.directory where kind = 'stripe_payment_intent' and key = %L $$, :'pi' || '_7'), 'a failed event claims nothing');
select is(
    tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', :'cs' || '_8', null, 2500)),
    'failed: The checkout is paid and names no payment.', 'a checkout without a payment cannot be credited once');

-- What is only heard.
select is(tests.hear_stripe('charge.succeeded', jsonb_build_object('object', 'charge', 'id', 'ch_x', 'payment_intent', :'pi', 'customer', :'customer', 'amount', 2500, 'currency', 'gbp'), 'evt_ch' || :'pi'), 'processed', 'a charge that succeeded');
select is(org_id, :'org', 'is logged with its organisation') from public.processed_stripe_webhooks where event_id = 'evt_ch' || :'pi';
select is(tests.hear_stripe('invoice.paid', '{"object": "invoice", "id": "in_1"}'), 'processed', 'what nobody asked for is heard too');
select is(
    (select w.balance_pence from public.credit_wallets w where w.org_id = :'org'), (select sum(amount_pence)::bigint from public.credit_transactions where org_id = :'org'),
    'the balance is the sum of its rows');

select * from finish();
rollback;

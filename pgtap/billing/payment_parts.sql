begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(24);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.stripe_customer(:'org') as customer \gset
select private.configure_emails('https://app.voxanne.example', 'Voxanne <hello@voxanne.example>');

-- check_topup_amount
select lives_ok('select private.check_topup_amount(2500), private.check_topup_amount(500000)', 'from £25 to £5,000 can be paid in');
select tests.throws_code('select private.check_topup_amount(2499)', 'amount_out_of_range');
select tests.throws_code('select private.check_topup_amount(500001)', 'amount_out_of_range');
select tests.throws_code('select private.check_topup_amount(null)', 'amount_out_of_range');

-- begin_checkout
select id as topup, effect_id from private.begin_checkout(:'org', 2500, 'checkout', '/dashboard/wallet', 'k1', null, '2026-11-02 12:00+00') \gset
select is(
    (select e.payload ->> 'success_url' || ' ' || (e.payload ->> 'cancel_url') || ' ' || (e.payload ->> 'customer') from private.effects e where e.id = :'effect_id'),
    'https://app.voxanne.example/dashboard/wallet?topup=success&session_id={CHECKOUT_SESSION_ID} https://app.voxanne.example/dashboard/wallet?topup=cancelled ' || :'customer',
    'a checkout comes back to where it was begun, and knows the customer');
select is((private.begin_checkout(:'org', 2500, 'checkout', '/dashboard/wallet', 'k1', null)).id, :'topup'::uuid, 'the same key is the same checkout');
select is(tests.ordered(:'org', 'stripe.checkout'), 1::bigint, 'and orders one page');
select isnt((private.begin_checkout(:'other', 2500, 'checkout', '/dashboard/wallet', 'k1', null)).id, :'topup'::uuid, 'another organisation''s key is another key');

-- note_payment
select is((private.note_payment(:'org', 'pi_parts', null, 2500, '2026-11-02 12:00+00')).amount_pence, 2500::bigint, 'a payment is kept');
select is((private.note_payment(:'org', 'pi_parts', 'ch_parts', null, '2026-11-02 12:01+00'))::text ~ 'ch_parts,2500', true, 'and what is known of it adds up, whichever comes first');

-- note_stripe_event
select private.note_stripe_event('{"id": "evt_parts", "type": "charge.succeeded"}', row(:'org', 'failed', 'why', true)::private.webhook_verdict, '2026-11-02 12:00+00');
select is((select e.status || ' ' || e.error_message from public.processed_stripe_webhooks e where e.event_id = 'evt_parts'), 'failed why', 'what failed is noted with its reason');
select private.note_stripe_event('{"id": "evt_parts", "type": "charge.succeeded"}', row(:'org', 'processed', null, false)::private.webhook_verdict, '2026-11-02 12:05+00');
select private.note_stripe_event('{"id": "evt_parts", "type": "charge.succeeded"}', row(:'org', 'duplicate', null, false)::private.webhook_verdict, '2026-11-02 12:06+00');
select results_eq(
    $$ select status, error_message, processed_at from public.processed_stripe_webhooks where event_id = 'evt_parts' $$,
    $$ values ('processed', null::text, timestamptz '2026-11-02 12:05+00') $$, 'what it did at last stands, whatever is repeated');

-- stripe_checkout_event
update public.wallet_topups t set status = 'open', stripe_session_id = 'cs_parts' where t.id = :'topup';
select is((private.stripe_checkout_event(:'org', 'checkout.session.completed', tests.stripe_session(:'org', 'cs_parts', 'pi_parts', 2500, '{"payment_status": "unpaid"}'), now())).status, 'processed', 'a checkout that is still to be paid is heard');
select is((tests.wallet(:'org')).balance_pence, 0::bigint, 'and credits nothing');
select is((private.stripe_checkout_event(:'org', 'checkout.session.completed', tests.stripe_session(:'org', 'cs_parts', null, 2500), now())).status, 'failed', 'one that is paid must name its payment');
select private.stripe_checkout_event(:'org', 'checkout.session.expired', tests.stripe_session(:'org', 'cs_parts', null, 2500), now());
select is((select t.status from public.wallet_topups t where t.id = :'topup'), 'failed', 'one that ran out has failed');

-- stripe_payment_event
select is((private.stripe_payment_event(:'org', 'payment_intent.payment_failed', tests.stripe_intent(:'org', 'pi_parts', 2500), now())).status, 'processed', 'a payment that failed on a page is the payer''s to try again');
select is((tests.wallet(:'org')).recharge_failures, 0, 'and no failure of the saved card');
select is((private.stripe_payment_event(:'org', 'payment_intent.succeeded', tests.stripe_intent(:'org', 'pi_parts', 2500), now())).status, 'processed', 'one that succeeded');
select is((tests.wallet(:'org')).balance_pence, 2500::bigint, 'is credited');

-- send_receipt
select private.send_receipt(t) from public.credit_transactions t where t.org_id = :'org' and t.stripe_payment_intent_id = 'pi_parts';
select is((select count(*) from private.emails e where e.org_id = :'org' and e.template = 'topup_credited'), 1::bigint, 'thanked for once');

-- send_payment_link
insert into public.wallet_recharges (org_id, amount_pence, stripe_payment_method_id) values (:'org', 3000, 'pm_parts');
select private.send_payment_link(r, '2026-11-02 12:00+00'), private.send_payment_link(r, '2026-11-02 13:00+00') from public.wallet_recharges r where r.org_id = :'org';
select is((select count(*) from public.wallet_topups t where t.org_id = :'org' and t.origin = 'recharge'), 1::bigint, 'a card that needs its owner gets one link a day');

-- hang_up_failed
select private.hang_up_failed(jsonb_build_object(
    'payload', jsonb_build_object('org_id', :'org'::uuid, 'call_id', gen_random_uuid()), 'last_error', 'no.', 'ended_at', '2026-11-02T12:00:00Z'));
select is((select count(*) from private.alerts a where a.org_id = :'org' and a.kind = 'call_not_ended'), 1::bigint, 'a call nobody could end is told of');
select is((select count(*) from private.reconcile_payments(:'org') c where c.drift <> 0), 0::bigint, 'and the payments add up');

select * from finish();
rollback;

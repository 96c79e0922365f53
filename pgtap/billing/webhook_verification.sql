begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(26);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.user(:'org') as member, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{wallet:read}') as key \gset
select tests.stripe_customer(:'org') as customer, tests.stripe_customer(:'other') as other_customer, 'pi_v' || substr(:'org', 1, 8) as pi, 'cs_v' || substr(:'org', 1, 8) as cs \gset
select tests.as_user(:'admin');
select id as op from public.start_topup(2500, '/dashboard/wallet') \gset
select tests.as_owner();
update public.wallet_topups set stripe_session_id = :'cs', status = 'open', url = 'https://pay.test' where effect_id = :'op';

-- A checkout.
select tests.as_user(:'manager');
select results_eq(
    format($$ select session_id, status, credited, amount_pence, transaction_id, credited_at from public.webhook_verification_session(%L) $$, :'cs'),
    format($$ values (%L, 'open', false, 2500::bigint, null::uuid, null::timestamptz) $$, :'cs'), 'a checkout that is not paid yet');
select tests.as_owner();
select tests.hear_stripe('checkout.session.completed', tests.stripe_session(:'org', :'cs', :'pi', 2600), 'evt_1' || :'pi', now() + interval '0.5 seconds');
select tests.as_user(:'manager');
select results_eq(
    format($$ select s.status, s.credited, s.amount_pence, s.credited_at is not null, t.amount_pence
              from public.webhook_verification_session(%L) s join public.credit_transactions t on t.id = s.transaction_id $$, :'cs'),
    $$ values ('credited', true, 2600::bigint, true, 2600::bigint) $$, 'credited, it says with what and which row of the ledger that is');
select tests.throws_code($$ select public.webhook_verification_session('cs_unknown') $$, 'checkout_not_found');
select tests.as_user(:'stranger');
select tests.throws_code(format('select public.webhook_verification_session(%L)', :'cs'), 'checkout_not_found', 'another organisation''s checkout is not there');

-- Events.
select tests.as_owner();
select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi', 2600), 'evt_2' || :'pi', now() + interval '1 second');
select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'org', :'pi' || 'usd', 2600, '{"currency": "usd"}'), 'evt_3' || :'pi', now() + interval '2 seconds');
select tests.hear_stripe('payment_intent.succeeded', tests.stripe_intent(:'other', :'pi' || 'other', 2600), 'evt_4' || :'pi', now() + interval '3 seconds');
select tests.as_user(:'manager');
select results_eq(
    $$ select event_type, status, error_message, processed_at is null from public.webhook_verification_recent(3) $$,
    $$ values ('payment_intent.succeeded', 'failed', 'It was paid in usd, and wallets hold pounds.', true),
              ('payment_intent.succeeded', 'duplicate', null, false), ('checkout.session.completed', 'processed', null, false) $$,
    'the newest events first, with what was made of each');
select is(count(*), 1::bigint, 'as many as were asked for') from public.webhook_verification_recent(1);
select is(count(*), 4::bigint, 'of one''s own organisation alone') from public.webhook_verification_recent();
select is(count(*), 4::bigint, 'twenty when nobody says how many') from public.webhook_verification_recent(null);
select tests.throws_code(format('select * from public.webhook_verification_recent(%s)', n), 'invalid_value', n || ' events cannot be asked for')
from unnest(array['0', '-1', '101']) n;

-- Whether they match.
select results_eq(
    $$ select processed, failed, duplicate, last_event_at, last_event_type, credits, credits_matched from public.webhook_verification_health() $$,
    $$ values (2::bigint, 1::bigint, 1::bigint, now() + interval '2 seconds', 'payment_intent.succeeded', 1::bigint, 1::bigint) $$,
    'events are counted by what was made of them, credits by whether an event speaks of them');
select results_eq(
    $$ select u.stripe_payment_intent_id, u.problem, u.amount_pence from unnest((public.webhook_verification_health()).unmatched) u $$,
    format($$ values (%L || 'usd', 'event_without_credit', 2600::bigint) $$, :'pi'), 'a paid event without its credit is named');
select tests.as_owner();
select private.add_credits(:'org', 4000, 'topup', 'by hand', null, :'pi' || 'hand');
select tests.as_user(:'admin');
select results_eq(
    $$ select h.credits, h.credits_matched from public.webhook_verification_health() h $$, $$ values (2::bigint, 1::bigint) $$, 'a credit no event speaks of');
select results_eq(
    $$ select u.stripe_payment_intent_id, u.amount_pence from unnest((public.webhook_verification_health()).unmatched) u where u.problem = 'credit_without_event' $$,
    format($$ values (%L || 'hand', 4000::bigint) $$, :'pi'), 'is named');
select tests.as_owner();
select is(count(*), 3::bigint, 'payments are looked at for as long as events are kept') from private.matched_payments(:'org', now() - interval '89 days');
select is(count(*), 0::bigint, 'no longer') from private.matched_payments(:'org', now() + interval '1 hour');
select tests.as_user(:'stranger');
select results_eq(
    $$ select h.credits, h.credits_matched, cardinality(h.unmatched) from public.webhook_verification_health() h $$, $$ values (1::bigint, 1::bigint, 0) $$, 'each sees its own');

select tests.as_api_key(:'key');
select is((public.webhook_verification_health()).credits, 2::bigint, 'a key that reads the wallet may ask');
select is((public.webhook_verification_session(:'cs')).credited, true);
select is(count(*), 4::bigint) from public.webhook_verification_recent();
select tests.as_user(:'member');
select tests.throws_code('select public.webhook_verification_health()', 'role_too_low');
select tests.throws_code('select * from public.webhook_verification_recent()', 'role_too_low');
select tests.throws_code($$ select public.webhook_verification_session('x') $$, 'role_too_low');
select tests.as_anon();
select throws_ok('select public.webhook_verification_health()', '42501', null, 'nobody else');
select throws_ok('select * from public.webhook_verification_recent()', '42501', null, 'nobody else');

select * from finish();
rollback;

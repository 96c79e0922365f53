-- Alone: it takes the ledger's triggers and an index away.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(6);

alter table public.credit_transactions disable trigger user;
select tests.lived_in_wallet() as org \gset
select 'pi_lived_' || left(:'org', 8) as pi \gset

select is(
    tests.drift_after(:'org', format('update private.stripe_payments set amount_pence = 5001 where org_id = %L', :'org')),
    format('payment_amounts 1 (payment %s, entry 1: 5000 credited, Stripe named 5001)', :'pi'), 'a credit of another amount than was paid is named');
select is(
    tests.drift_after(:'org', format('update private.stripe_payments set amount_pence = null where org_id = %L', :'org')), 'nothing',
    'where Stripe named no amount, nothing is compared');
select is(
    tests.drift_after(:'org', format($$
        insert into public.wallet_topups (id, org_id, amount_pence, origin, return_path, status, stripe_payment_intent_id, idempotency_key)
        values ('00000000-0000-4000-8000-000000000001', %L, 2500, 'checkout', '/', 'credited', 'pi_lost', 'planted') $$, :'org')),
    'payments_missing 1 (payment pi_lost: top-up 00000000-0000-4000-8000-000000000001 is paid, and the ledger has no credit)',
    'a top-up that was paid and not credited is named');
select is(
    tests.drift_after(:'org', format($$
        insert into public.wallet_recharges (org_id, id, amount_pence, stripe_payment_method_id, status, stripe_payment_intent_id, finished_at)
        values (%L, '00000000-0000-4000-8000-000000000002', 2500, 'pm_1', 'succeeded', 'pi_lost', now()) $$, :'org')),
    'payments_missing 1 (payment pi_lost: recharge 00000000-0000-4000-8000-000000000002 is paid, and the ledger has no credit)',
    'so is a recharge');
select is(
    tests.drift_after(:'org', format($$
        insert into public.wallet_topups (org_id, amount_pence, origin, return_path, status, stripe_payment_intent_id, idempotency_key)
        values (%1$L, 5000, 'checkout', '/', 'credited', %2$L, 'paid'), (%1$L, 5000, 'checkout', '/', 'open', null, 'open') $$, :'org', :'pi')),
    'nothing', 'what is credited, or not paid yet, is not');

drop index public.idx_credit_txn_stripe_pi;
select is(
    tests.drift_after(:'org', format('update public.credit_transactions set stripe_payment_intent_id = %L where org_id = %L and seq = 8', :'pi', :'org')),
    format('chain 1 (entry 8); payments_credited_once 1 (payment %s, entry 1: credited 2 times)', :'pi'),
    'a payment that was credited twice is named');

select * from finish();
rollback;

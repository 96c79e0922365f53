-- Alone: it takes the ledger's triggers away.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

alter table public.credit_transactions disable trigger user;
select tests.lived_in_wallet() as org \gset
select 'pi_lived_' || left(:'org', 8) as pi \gset

select is(
    tests.drift_after(:'org', format('update private.stripe_payments set refunded_pence = 600 where org_id = %L', :'org')),
    format('refunds 1 (payment %s, entry 6: 500 went back by the ledger, 600 by its refunds)', :'pi'),
    'a refund that did not reach the ledger is named');
select is(
    tests.drift_after(:'org', format($$
        select private.post_entry(%L, -100, 'refund', 'refund:pi_other:100', 'Refund of a payment', null, 'ch_other') $$, :'org')),
    'refunds 1 (payment pi_other, entry 9: 100 went back by the ledger, 0 by its refunds)',
    'so is one of a payment nobody knows');
select is(
    tests.drift_after(:'org', format($$ select private.post_entry(%L, 100, 'refund', 'provisioning:1', 'A number that could not be had') $$, :'org')),
    'nothing', 'what we give back of our own is no refund of a payment');
select is(
    tests.drift_after(:'org', format($$
        insert into private.stripe_failed_refunds (org_id, refund_id, stripe_payment_intent_id, amount_pence) values (%1$L, 're_1', %2$L, 200);
        select private.settle_refunds(%1$L, %2$L, 're_1', 'refund_failed:re_1', now()) $$, :'org', :'pi')),
    'nothing', 'a refund that came back counts for its payment');
select is(
    tests.drift_after(:'org', format($$
        select private.post_entry(%L, 200, 'refund', 'refund_failed:re_2', 'A refund that came back', null, 're_2') $$, :'org')),
    'refunds 1 (payment re_2, entry 9: -200 went back by the ledger, 0 by its refunds)', 'one that nobody knows is named');
select is(
    tests.drift_after(:'org', format('update private.stripe_disputes set reinstated_at = null where org_id = %L', :'org')),
    'disputes 1 (dispute_reinstated:dp_lived, entry 8: 300 in the ledger, 0 by the dispute)', 'money given back for a dispute that was not won is named');
select is(
    tests.drift_after(:'org', format('update private.stripe_disputes set amount_pence = 400 where org_id = %L', :'org')),
    'disputes 2 (dispute_withdrawn:dp_lived, entry 7: -300 in the ledger, -400 by the dispute)', 'so is another amount than the dispute''s');
select is(
    tests.drift_after(:'org', format('delete from private.stripe_disputes where org_id = %L', :'org')),
    'disputes 2 (dispute_withdrawn:dp_lived, entry 7: -300 in the ledger, 0 by the dispute)', 'and a dispute that nobody knows');
select is(
    tests.drift_after(:'org', format($$
        insert into private.stripe_payments (org_id, stripe_payment_intent_id) values (%1$L, 'pi_unpaid');
        insert into private.stripe_disputes (org_id, dispute_id, stripe_payment_intent_id, amount_pence, status, withdrawn_at)
        values (%1$L, 'dp_early', 'pi_unpaid', 100, 'lost', now()) $$, :'org')),
    'nothing', 'a dispute of a payment that is not credited yet waits');

select * from finish();
rollback;

-- One payment under two keys is credited twice.
--
-- Caught by: pgtap/billing/add_credits.sql
drop index public.idx_credit_txn_stripe_pi;
select tests.patch('private.add_credits',
    $old$if p_stripe_payment_intent_id is not null then$old$,
    $new$if false then$new$);

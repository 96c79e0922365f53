begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.funded(5000) as org, tests.org('Grin') as other \gset
select tests.stripe_customer(:'org') as customer, tests.stripe_customer(:'other') as others \gset
update public.credit_wallets set stripe_payment_method_id = 'pm_1', payment_method_at = now(), auto_recharge_enabled = true,
    auto_recharge_threshold_pence = 2000, auto_recharge_amount_pence = 2500
where org_id = :'org';
create function pg_temp.deleted(p_id text) returns text language sql as $$
    select tests.hear_stripe('customer.deleted', jsonb_build_object('object', 'customer', 'id', p_id));
$$;

select is(pg_temp.deleted(:'customer'), 'processed', 'a customer deleted at Stripe');
select is((select o.stripe_customer_id from public.organizations o where o.id = :'org'), null, 'is the organisation''s no more');
select is((select w.stripe_payment_method_id from public.credit_wallets w where w.org_id = :'org'), null, 'its card is gone');
select is((select w.auto_recharge_enabled from public.credit_wallets w where w.org_id = :'org'), false, 'and is not asked for again');
select is((select count(*) from private.alerts a where a.org_id = :'org' and a.kind = 'stripe_customer_deleted'), 1::bigint, 'an operator hears of it');
select is(pg_temp.deleted(:'customer'), 'processed', 'the same again is no harm');
select is((select o.stripe_customer_id from public.organizations o where o.id = :'other'), :'others', 'nobody else loses theirs');
select is((tests.wallet(:'org')).balance_pence, 5000::bigint, 'the money stays');
select is(pg_temp.deleted('cus_unheard_of'), 'failed: Nobody here knows its customer or its payment.', 'a customer of nobody is none');

select * from finish();
rollback;

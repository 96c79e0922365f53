begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(7);

update private.telephony_countries set bundle_sid = 'BU' || repeat('0', 32) where country_code = 'GB';
select tests.funded(2500) as org \gset
select tests.as_user(tests.admin(:'org'));
select public.provision_number('GB', 'inbound') ->> 'id' as saga \gset
select tests.as_owner();
select is((select n.price_pence from public.managed_phone_numbers n where n.org_id = :'org'), 1000::bigint, 'what was paid is written on the number');

-- The price changes while the number is on its way.
insert into public.asset_prices (asset_type, effective_from, price_pence) values ('managed_number', now() - interval '1 second', 1700);
select is(private.asset_price('managed_number', now()), 1700::bigint, 'a number costs more by now');
select private.refund_number(s, '{}', now()) from private.sagas s where s.id = :'saga';
select is((tests.wallet(:'org')).balance_pence, 2500::bigint, 'what goes back is what was paid');
select is((select n.status from public.managed_phone_numbers n where n.org_id = :'org'), 'failed', 'and the number has failed');
select private.refund_number(s, '{}', now() + interval '1 hour') from private.sagas s where s.id = :'saga';
select is((tests.wallet(:'org')).balance_pence, 2500::bigint, 'however often it is given back, it is once');
select is((select array_agg(t.type || ' ' || t.amount_pence order by t.seq) from public.credit_transactions t where t.org_id = :'org'), array['topup 2500', 'deduction -1000', 'refund 1000'], 'three lines in the ledger say so');
select is((select count(*) from private.reconcile_wallet(:'org') r where r.drift <> 0), 0::bigint, 'and the wallet adds up');

select * from finish();

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(22);

select tests.funded(1100) as org \gset
select timestamptz '2026-11-02 12:00+00' as t \gset
select * from private.check_balance_and_deduct_asset_cost(:'org', null, 'managed_number', 'number:1', p_now => :'t') \gset bought_
select is(:'bought_amount_pence'::bigint, -1000::bigint, 'a number costs what the prices say');
select is(:'bought_type'::text || ', ' || :'bought_description', 'deduction, Managed Number', 'and is a deduction by its name');
select is((tests.wallet(:'org')).balance_pence, 100::bigint, 'the balance is that much less');
select is((private.check_balance_and_deduct_asset_cost(:'org', null, 'managed_number', 'number:1', p_now => :'t')).id, :'bought_id'::uuid, 'the same key again answers the first purchase, though there is not enough for another');
select is((tests.wallet(:'org')).balance_pence, 100::bigint, 'and takes nothing');
insert into public.asset_prices (asset_type, effective_from, price_pence) values ('managed_number', '2026-11-02 13:00+00', 1200);
select is((private.check_balance_and_deduct_asset_cost(:'org', null, 'managed_number', 'number:1', p_now => '2026-11-02 14:00+00')).id, :'bought_id'::uuid, 'also after the price has changed');
select tests.throws_code(format('select private.check_balance_and_deduct_asset_cost(%L, 999, %L, %L)', :'org', 'managed_number', 'number:1'), 'idempotency_key_reused', 'the key with another cost is refused');
select tests.throws_code(format('select private.check_balance_and_deduct_asset_cost(%L, 101, %L, %L)', :'org', 'managed_number', 'number:2'), 'insufficient_balance', 'a penny too little is too little');
select lives_ok(format('select private.check_balance_and_deduct_asset_cost(%L, 100, %L, %L)', :'org', 'managed_number', 'number:2'), 'the last penny may be spent');
select is((tests.wallet(:'org')).balance_pence, 0::bigint, 'it never goes below');

select tests.funded(1000) as busy \gset
select private.reserve_call_credits(:'busy', tests.call_of(:'busy', 1), p_now => :'t');
select tests.throws_code(format('select private.check_balance_and_deduct_asset_cost(%L, 721, %L, %L)', :'busy', 'managed_number', 'n'), 'insufficient_balance', 'what is held for a call is not for sale');
select lives_ok(format('select private.check_balance_and_deduct_asset_cost(%L, 720, %L, %L)', :'busy', 'managed_number', 'n'), 'what is beside it is, as long as balance and debt limit cover the caps: 280 + 500 against 560');
select is((tests.bill(tests.call_of(:'busy', 1))).end_requested_at, null, 'and the call goes on');

select tests.funded(1000) as tight \gset
update public.credit_wallets set debt_limit_pence = 0 where org_id = :'tight';
select private.reserve_call_credits(:'tight', tests.call_of(:'tight', 1), p_now => :'t');
select tests.throws_code(format('select private.check_balance_and_deduct_asset_cost(%L, 441, %L, %L)', :'tight', 'managed_number', 'n'), 'insufficient_balance', 'a purchase leaves what the caps of calls under way could cost');
select lives_ok(format('select private.check_balance_and_deduct_asset_cost(%L, 440, %L, %L)', :'tight', 'managed_number', 'n'), 'to the penny');

select private.set_wallet_suspension(:'busy', true, :'t');
select tests.throws_code(format('select private.check_balance_and_deduct_asset_cost(%L, 1, %L, %L)', :'busy', 'managed_number', 'm'), 'wallet_suspended', 'a suspended wallet buys nothing');
select tests.throws_code(format('select private.check_balance_and_deduct_asset_cost(%L, %s, %L, %L)', :'tight', cost, 'managed_number', 'm'), 'invalid_amount', format('a price of %s is none', cost))
from unnest(array['0', '-1', '100000001']) as cost;
select tests.throws_code(format('select private.check_balance_and_deduct_asset_cost(%L, null, %L, %L)', :'tight', 'castle', 'm'), 'unknown_asset_type', 'what has no price is not for sale');
select tests.throws_code(format('select private.check_balance_and_deduct_asset_cost(%L, 1, %L, %L)', :'tight', asset, 'm'), 'unknown_asset_type', 'nor at a price somebody names')
from unnest(array['castle', null]) as asset;

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.org('Smile') as org \gset
select tests.saved_card(:'org', 2500, 2500, 4000);
update public.credit_wallets set recharge_blocked_until = now() + interval '1 hour' where org_id = :'org';
select private.add_credits(:'org', -2500, 'adjustment', 'all');
select private.retry_recharges(now() + interval '59 minutes');
select is(count(*), 0::bigint, 'in the pause nothing is charged') from public.wallet_recharges where org_id = :'org';
select isnt(recharge_blocked_until, null, 'and it goes on') from public.credit_wallets where org_id = :'org';
select ok(private.retry_recharges(now() + interval '1 hour') >= 1, 'after it the wallet is looked at, though nothing moves it');
select is(count(*), 1::bigint, 'and the card is charged') from public.wallet_recharges where org_id = :'org' and status = 'pending';
select is(recharge_blocked_until, null, 'it is not looked at again') from public.credit_wallets where org_id = :'org';

select * from finish();
rollback;

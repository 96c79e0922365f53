begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(3);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member \gset
update public.credit_wallets set balance_pence = 1234 where org_id = :'org';

set local search_path = public, pg_catalog, extensions, pg_temp;
select tests.as_user(:'manager');
select is((select o.wallet_balance_pence from public.organizations o), 1234::bigint, 'it reads as a column of the organisation');
select tests.as_user(:'member');
select is((select o.wallet_balance_pence from public.organizations o), null, 'of which a user sees nothing');
select tests.as_anon();
select throws_ok('select public.wallet_balance_pence(null)', '42501', null, 'nor does who has not signed in');

select * from finish();
rollback;

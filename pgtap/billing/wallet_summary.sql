begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.org() as org \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member \gset
select tests.api_key(:'org', '{wallet:read}') as key \gset
update public.credit_wallets set balance_pence = 1000, held_pence = 280 where org_id = :'org';

select tests.as_user(:'manager');
select is((public.wallet_summary()).available_pence, 720::bigint, 'what is held is not available');
select is((public.wallet_summary()).debt_limit_pence, 500::bigint, 'the limit is shown');
select tests.as_api_key(:'key');
select is((public.wallet_summary()).balance_pence, 1000::bigint, 'a key with the scope reads it');
select tests.as_user(:'member');
select tests.throws_code('select public.wallet_summary()', 'role_too_low', 'a user does not');
select tests.as_owner();
update public.organizations set suspended_at = now() where id = :'org';
select tests.as_user(:'manager');
select tests.throws_code('select public.wallet_summary()', 'account_suspended');

select * from finish();
rollback;

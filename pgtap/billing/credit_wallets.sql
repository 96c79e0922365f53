begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member \gset

select tests.as_user(:'manager');
select results_eq('select org_id from public.credit_wallets', format('values (%L::uuid)', :'org'), 'a manager reads the organisation''s wallet');
select throws_ok('update public.credit_wallets set balance_pence = 1', '42501', null, 'and writes none');
select tests.as_user(:'member');
select is_empty('select from public.credit_wallets', 'a user reads none');
select tests.as_service();
select throws_ok('update public.credit_wallets set balance_pence = 1', '42501', null, 'the worker writes through functions, too');
select tests.as_owner();
select throws_ok(format('update public.credit_wallets set held_pence = -1 where org_id = %L', :'org'), '23514', null, 'nothing negative is held');
select throws_ok(format('update public.credit_wallets set auto_recharge_enabled = true where org_id = %L', :'org'), '23514', null, 'recharging needs its figures');
select throws_ok(format('update public.credit_wallets set auto_recharge_amount_pence = 2499 where org_id = %L', :'org'), '23514', null, 'and at least the smallest top-up');
select throws_ok(format('insert into public.credit_wallets (org_id) values (%L)', :'org'), '23505', null, 'an organisation has one wallet');
select is_empty($$ select from pg_constraint where contype = 'f' and confrelid = 'public.credit_wallets'::regclass $$, 'nothing references it');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(5);

select tests.lived_in_wallet() as org, tests.lived_in_wallet() as other, tests.lived_in_wallet() as well \gset
select tests.as_service();
select is_empty('select from public.reconcile_all()', 'where all is well there is nothing to read');

select tests.as_owner();
update public.credit_wallets set held_pence = held_pence + 1, capped_pence = capped_pence - 2 where org_id = :'org';
update public.credit_wallets set balance_pence = balance_pence + 3 where org_id = :'other';
select tests.as_service();
select bag_eq(
    'select org_id, check_name, drift from public.reconcile_all()',
    format($$ values (%1$L::uuid, 'held', 1::bigint), (%1$L, 'capped', -2), (%2$L, 'balance', 3) $$, :'org', :'other'),
    'what drifts is named with whose it is');
select results_eq(
    'select org_id from public.reconcile_all()', 'select org_id from public.reconcile_all() order by org_id', 'organisation by organisation');

select set_eq(
    format('select private.organizations_after(%L)', least(:'org', :'other', :'well')),
    format('select id from public.organizations where id > %L', least(:'org', :'other', :'well')),
    'organisations can be gone through one after the other');
select is((select count(*) from private.organizations_after(null, 2)), 2::bigint, 'a page at a time');

select * from finish();
rollback;

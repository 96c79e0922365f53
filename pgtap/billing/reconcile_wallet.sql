begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(9);

select tests.lived_in_wallet() as org, tests.lived_in_wallet() as other, tests.org() as fresh \gset
update public.credit_wallets set held_pence = 281 where org_id = :'other';
select tests.as_service();

select results_eq(
    format('select check_name from public.reconcile_wallet(%L)', :'org'),
    $$ values ('wallet'), ('balance'), ('entry_count'), ('sequence'), ('continuity'), ('time'), ('chain'), ('head'), ('head_time'),
              ('held'), ('capped'), ('spent'), ('available'), ('purchases'), ('debt_suspension'), ('call_charges'),
              ('calls_unsettled'), ('call_deductions'), ('call_postings'), ('payments_credited_once'), ('payment_amounts'),
              ('payments_missing'), ('refunds'), ('disputes') $$,
    'every question is there, whatever its answer');
select is((select sum(abs(drift)) from public.reconcile_wallet(:'org')), 0::numeric, 'and the answer is zero');
select is_empty(format('select from public.reconcile_wallet(%L) where detail is not null', :'org'), 'with nothing to add');
select is_empty(format('select from public.reconcile_wallet(%L) where drift <> 0', :'fresh'), 'a wallet in which nothing happened adds up too');
select results_eq(
    format('select check_name, expected, found, drift from public.reconcile_wallet(%L) where drift <> 0', :'other'),
    $$ values ('held', '280', '281', 1::bigint) $$, 'what drifts says what is written and what it should be');
select results_eq(
    format('select check_name, found from public.reconcile_wallet(%L) where check_name in (''balance'', ''held'', ''capped'', ''spent'')', :'org'),
    $$ values ('balance', '3276'), ('held', '280'), ('capped', '560'), ('spent', '224') $$, 'it says so also where nothing drifts');
select tests.throws_code('select public.reconcile_wallet(gen_random_uuid())', 'organization_not_found', 'an organisation that is not there does not add up in silence');

select tests.as_user(tests.admin(:'org'));
select throws_ok(format('select public.reconcile_wallet(%L)', :'org'), '42501', null, 'clients may not ask');
select tests.as_anon();
select throws_ok(format('select public.reconcile_wallet(%L)', :'org'), '42501', null, 'nor may strangers');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(8);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member, tests.admin(:'other') as stranger \gset
select tests.api_key(:'org', '{wallet:read}') as key, tests.api_key(:'org', '{services:read}') as blind_key \gset
update public.credit_wallets
set balance_pence = 1000, held_pence = 280, debt_limit_pence = 700, low_balance_alert_pence = 250, status = 'suspended', suspended_by = 'operator',
    auto_recharge_enabled = true, auto_recharge_threshold_pence = 100, auto_recharge_amount_pence = 2500
where org_id = :'org';

select tests.as_user(:'admin');
select is(
    private.wallet_state(), row(1000, 280, 720, 700, 250, true, 'suspended', now())::public.wallet_state,
    'an admin is shown the whole wallet, in this order');
select tests.as_user(:'stranger');
select is((private.wallet_state()).balance_pence, 0::bigint, 'another organisation''s admin is shown their own');
select tests.as_api_key(:'key');
select is((private.wallet_state()).available_pence, 720::bigint, 'a key with the scope is shown it');
select tests.as_api_key(:'blind_key');
select is(private.wallet_state(), null, 'a key without it is shown nothing');
select tests.as_user(:'member');
select is(private.wallet_state(), null, 'neither is an ordinary member');

select tests.as_owner();
update public.credit_wallets set balance_pence = 100 where org_id = :'org';
select tests.as_user(:'admin');
select is((private.wallet_state()).available_pence, -180::bigint, 'holds can take what is available below nothing');
select tests.as_service();
select is(private.wallet_state(), null, 'the operator, who belongs to no organisation, is shown none');
select tests.as_anon();
select throws_ok('select private.wallet_state()', '42501', null, 'nobody else may ask');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(23);

select tests.org('Smile') as org \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.api_key(:'org', '{wallet:write}') as key \gset
select private.add_credits(:'org', 1000, 'topup', 'a');

select tests.as_user(:'admin');
select results_eq(
    $$ select monthly_cap_pence, low_balance_alert_pence, max_concurrent_calls, balance_pence
       from public.set_wallet_limits('{"monthly_cap_pence": 20000, "low_balance_alert_pence": 500, "max_concurrent_calls": 3}') $$,
    $$ values (20000::bigint, 500::bigint, 3, 1000::bigint) $$, 'limits are set, and the wallet answered');
select results_eq(
    $$ select monthly_cap_pence, low_balance_alert_pence, max_concurrent_calls from public.set_wallet_limits('{"max_concurrent_calls": 5}') $$,
    $$ values (20000::bigint, 500::bigint, 5) $$, 'what is not named stays');
select results_eq(
    $$ select monthly_cap_pence, low_balance_alert_pence, max_concurrent_calls from public.set_wallet_limits('{"monthly_cap_pence": null, "low_balance_alert_pence": null}') $$,
    $$ values (null::bigint, null::bigint, 5) $$, 'null lifts a limit');
select tests.throws_code(format('select public.set_wallet_limits(%L)', p), c, p)
from (values
    ('{"max_concurrent_calls": 0}', 'amount_out_of_range'), ('{"max_concurrent_calls": 1001}', 'amount_out_of_range'),
    ('{"max_concurrent_calls": 1.5}', 'amount_out_of_range'), ('{"max_concurrent_calls": 1e30}', 'amount_out_of_range'),
    ('{"max_concurrent_calls": null}', 'invalid_value'), ('{"max_concurrent_calls": "3"}', 'invalid_value'),
    ('{"monthly_cap_pence": -1}', 'amount_out_of_range'), ('{"monthly_cap_pence": 100000001}', 'amount_out_of_range'),
    ('{"monthly_cap_pence": "20000"}', 'invalid_value'), ('{"low_balance_alert_pence": 92233720368547758070}', 'amount_out_of_range'),
    ('{"balance_pence": 5}', 'unknown_field'), ('{"debt_limit_pence": 5}', 'unknown_field'), ('[]', 'invalid_value'), ('null', 'invalid_value')) v (p, c);
select is((public.set_wallet_limits('{"max_concurrent_calls": 2.0}')).max_concurrent_calls, 2, 'a whole number is one however it is written');

select is((public.set_wallet_limits('{"low_balance_alert_pence": 1001}')).low_balance_alert_pence, 1001::bigint, 'an alert above the balance');
select tests.as_owner();
select is(count(*), 1::bigint, 'is given at once') from private.emails where org_id = :'org' and template = 'low_balance' and text like '%£10.00%£10.01%';
select tests.as_user(:'manager');
select tests.throws_code($$ select public.set_wallet_limits('{}') $$, 'role_too_low');
select tests.as_api_key(:'key');
select is((public.set_wallet_limits('{"max_concurrent_calls": 4}')).max_concurrent_calls, 4, 'a key may, with its scope');
select tests.as_owner();
select is(count(*), 1::bigint, 'it is in the audit log') from public.audit_logs
where org_id = :'org' and table_name = 'credit_wallets' and actor_type = 'api_key' and after ->> 'max_concurrent_calls' = '4';
select is(max_concurrent_calls, 10, 'another organisation''s limits are its own') from public.credit_wallets where org_id = tests.org('Grin');

select * from finish();
rollback;

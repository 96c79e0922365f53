begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(25);

select tests.org('Smile') as org \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.api_key(:'org', '{wallet:write}') as key \gset
select tests.saved_card(:'org', 2500, 2000, 4000);
update public.credit_wallets set auto_recharge_enabled = false, recharge_failures = 3, recharge_blocked_until = now() + interval '1 hour' where org_id = :'org';

select tests.as_user(:'admin');
select results_eq(
    $$ select auto_recharge_enabled, auto_recharge_threshold_pence, auto_recharge_amount_pence, auto_recharge_blocked_until, has_saved_card, balance_pence from public.set_auto_recharge(true, 3000, 5000) $$,
    $$ values (true, 3000::bigint, 5000::bigint, null::timestamptz, true, 2500::bigint) $$, 'auto-recharge is turned on, and the wallet answered');
select tests.as_owner();
select results_eq(
    format($$ select amount_pence, status from public.wallet_recharges where org_id = %L $$, :'org'), $$ values (5000::bigint, 'pending') $$,
    'a charge that is due is made at once, though one was declined before');
select is(recharge_failures, 0, 'earlier declines are forgotten') from public.credit_wallets where org_id = :'org';
select is(count(*), 1::bigint, 'it is in the audit log, with who did it') from public.audit_logs
where org_id = :'org' and table_name = 'credit_wallets' and actor_id = :'admin' and after ->> 'auto_recharge_enabled' = 'true';
select ok(count(*) > 0, 'open screens hear of it') from private.events where org_id = :'org' and kind = 'wallet.changed';

select tests.as_user(:'admin');
select results_eq(
    $$ select auto_recharge_enabled, auto_recharge_threshold_pence, auto_recharge_amount_pence from public.set_auto_recharge(false) $$,
    $$ values (false, 3000::bigint, 5000::bigint) $$, 'turned off, it keeps its figures');
select is((public.set_auto_recharge(true)).auto_recharge_amount_pence, 5000::bigint, 'and finds them again');
select is((public.set_auto_recharge(true, p_threshold_pence => 100)).auto_recharge_threshold_pence, 100::bigint, 'one figure may be given alone');
select tests.throws_code(format('select public.set_auto_recharge(%s, %s, %s)', e, t, a), 'amount_out_of_range', format('%s, %s, %s', e, t, a))
from (values ('true', '0', '2499'), ('true', '0', '500001'), ('true', '-1', '2500'), ('true', '500001', '2500'), ('false', '0', '-1'),
             ('false', '-1', 'null'), ('true', '9223372036854775807', '2500'), ('true', '0', '9223372036854775807')) v (e, t, a);
select tests.throws_code('select public.set_auto_recharge(true, 2501, 2500)', 'threshold_above_amount', 'one charge is to be enough');
select tests.throws_code('select public.set_auto_recharge(null)', 'invalid_value');
select is((public.wallet_summary()).auto_recharge_threshold_pence, 100::bigint, 'what is refused changes nothing');

select tests.as_owner();
select tests.admin(tests.org('Grin')) as stranger \gset
select tests.as_user(:'stranger');
select tests.throws_code('select public.set_auto_recharge(true)', 'amount_out_of_range', 'the first time, figures are needed');
select is((public.set_auto_recharge(true, 0, 2500)).has_saved_card, false, 'it may be on before there is a card');
select tests.as_user(:'manager');
select tests.throws_code('select public.set_auto_recharge(false)', 'role_too_low');
select tests.as_api_key(:'key');
select is((public.set_auto_recharge(false)).auto_recharge_enabled, false, 'a key may, with its scope');
select tests.as_anon();
select throws_ok('select public.set_auto_recharge(false)', '42501', null, 'nobody else');
select tests.as_owner();
select is(auto_recharge_enabled, true, 'another organisation''s is its own') from public.credit_wallets w join public.profiles p using (org_id) where p.id = :'stranger';

select * from finish();
rollback;

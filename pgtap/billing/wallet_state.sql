begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(16);

select tests.org() as org, tests.org() as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'user') as member, tests.admin(:'other') as stranger \gset
select tests.api_key(:'org', '{wallet:read}') as key, tests.api_key(:'org', '{services:read}') as blind_key \gset
update public.credit_wallets
set balance_pence = 1000, held_pence = 280, capped_pence = 560, debt_limit_pence = 700, low_balance_alert_pence = 250, status = 'suspended',
    suspended_by = 'operator', auto_recharge_enabled = true, auto_recharge_threshold_pence = 100, auto_recharge_amount_pence = 2500,
    stripe_payment_method_id = 'pm_1', recharge_blocked_until = '2026-11-21 11:00+00', monthly_cap_pence = 90000, max_concurrent_calls = 7,
    spent_month = '2026-11-01', spent_pence = 4321
where org_id = :'org';
insert into public.credit_reservations (
    org_id, call_id, rate_pence_per_minute, reserved_pence, cap_pence, max_duration_seconds, status, paid_from, hold_ends_at, expires_at,
    evidence_rank, evidence_seconds, cap_released_at, settled_at)
select :'org', gen_random_uuid(), 56, 280, 560, 595, s.status, now(), now(), now(), s.rank, s.rank * 30, s.ended_at, s.ended_at
from (values ('active', null::smallint, null::timestamptz), ('committed', 4, now())) as s (status, rank, ended_at);

select tests.as_user(:'admin');
select is(
    private.wallet_state('2026-11-20 12:00+00'),
    row(1000, 280, 720, 700, 250, true, 'suspended', now(), 12, 56, 560, 1, 7, 90000, 4321, 100, 2500, '2026-11-21 11:00+00', true,
        row(1, 0, null, null, null)::public.wallet_forecast)::public.wallet_state,
    'an admin is shown the whole wallet, in this order');
select is((private.wallet_state('2026-11-30 23:59:59+00')).spent_this_month_pence, 4321::bigint, 'what was spent counts to the month''s end');
select is((private.wallet_state('2026-12-01 00:00:00+00')).spent_this_month_pence, 0::bigint, 'and is nothing in a new month');
select is((private.wallet_state('2026-10-31 23:59:59+00')).spent_this_month_pence, 0::bigint, 'as it was in the one before');
select tests.as_user(:'stranger');
select is((private.wallet_state()).balance_pence, 0::bigint, 'another organisation''s admin is shown their own');
select is((private.wallet_state()).calls_under_way, 0, 'and their own calls');
select is((private.wallet_state()).has_saved_card, false, 'a wallet without a card says so');
select is((private.wallet_state()).spent_this_month_pence, 0::bigint, 'where nothing was ever spent, nothing was this month');
select tests.as_api_key(:'key');
select is((private.wallet_state()).available_pence, 720::bigint, 'a key with the scope is shown it');
select tests.as_api_key(:'blind_key');
select is(private.wallet_state(), null, 'a key without it is shown nothing');
select tests.as_user(:'member');
select is(private.wallet_state(), null, 'neither is an ordinary member');

select tests.as_owner();
update public.credit_wallets set balance_pence = 100 where org_id = :'org';
insert into public.billing_rates (effective_from, pence_per_minute, cap_slack_pence) values ('2026-12-01 00:00+00', 60, 5);
select tests.as_user(:'admin');
select is((private.wallet_state()).available_pence, -180::bigint, 'holds can take what is available below nothing');
select is((private.wallet_state()).minutes_left, 0, 'which buys no minute');
select is((private.wallet_state('2026-12-01 00:00+00')).rate_pence_per_minute, 60, 'a new price counts from its day on');
select tests.as_service();
select is(private.wallet_state(), null, 'the operator, who belongs to no organisation, is shown none');
select tests.as_anon();
select throws_ok('select private.wallet_state()', '42501', null, 'nobody else may ask');

select * from finish();
rollback;

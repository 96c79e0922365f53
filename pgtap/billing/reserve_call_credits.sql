begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(31);
select timestamptz '2026-11-02 12:00+00' as t \gset

-- The least and the most of everything.
select tests.funded(100000) as org \gset
create function pg_temp.admitted(p_org uuid, p_n integer, p_seconds integer) returns text language sql as $$
    select format('%s %s %s', a.held_pence, a.cap_pence, a.max_duration_seconds)
    from private.reserve_call_credits(p_org, tests.call_of(p_org, p_n), p_seconds, p_now => '2026-11-02 12:00+00') a;
$$;
select is(pg_temp.admitted(:'org', 1, 600), '280 560 594', 'ten minutes: a slice of five held, a cap of ten, and six seconds of slack');
select is(pg_temp.admitted(:'org', 2, null), '280 560 594', 'who names no length means ten minutes');
select is(pg_temp.admitted(:'org', 3, 601), '280 561 595', 'the cap of a second more is a penny more: rounded up');
select is(pg_temp.admitted(:'org', 4, 300), '280 280 294', 'five minutes are held whole');
select is(pg_temp.admitted(:'org', 5, 180), '168 168 174', 'no more is held than the call can cost');
select is(pg_temp.admitted(:'org', 6, 119), '112 112 114', 'no call is shorter than two minutes');
select is(pg_temp.admitted(:'org', 7, -5), '112 112 114', 'not even less than nothing');
select is(pg_temp.admitted(:'org', 8, 3301), '280 3080 3294', 'none is longer than 55');
select is(pg_temp.admitted(:'org', 9, 2147483647), '280 3080 3294', 'whatever is asked for');
select is((tests.wallet(:'org')).held_pence, 2072::bigint, 'the wallet holds what its calls hold');
select is((tests.wallet(:'org')).capped_pence, 8513::bigint, 'and counts their caps');
select is((tests.wallet(:'org')).balance_pence, 100000::bigint, 'no money has moved');
select is(
    (select format('%s %s %s', hold_ends_at, expires_at, next_poll_at) from public.credit_reservations where call_id = tests.call_of(:'org', 1)),
    '2026-11-02 12:05:00+00 2026-11-02 13:00:00+00 2026-11-02 12:10:54+00',
    'the hold ends after five minutes, expires after an hour, and a minute after the longest length somebody asks');
select is((select format('%s %s', key, org_id) from private.directory where kind = 'call' and key = tests.call_of(:'org', 1)::text), format('%s %s', tests.call_of(:'org', 1), :'org'), 'the call is found by its id');
select results_eq(
    format('select payload, run_at from private.effects where org_id = %L and kind = %L order by id limit 1', :'org', 'billing.hold_deadline'),
    format($$ values (jsonb_build_object('org_id', %L, 'call_id', %L, 'hold_ends_at', timestamptz '2026-11-02 12:05+00'), timestamptz '2026-11-02 12:04:27+00') $$, :'org', tests.call_of(:'org', 1)),
    'its deadline comes 33 seconds before the hold ends: time to warn, and three seconds of guard');

-- Why not.
create function pg_temp.refused(p_org uuid, p_n integer) returns text language sql as $$
    select a.reason from private.reserve_call_credits(p_org, tests.call_of(p_org, p_n), p_now => '2026-11-02 12:00+00') a
    where not a.allowed and a.held_pence = 0 and a.cap_pence = 0 and a.max_duration_seconds = 0 and a.spoken like 'I am sorry%';
$$;
select tests.funded(55) as poor, tests.funded(56) as enough \gset
select is(pg_temp.refused(:'poor', 1), 'insufficient_balance', 'less than a minute is not enough');
select is(pg_temp.admitted(:'enough', 1, 600), '56 556 590', 'a minute is; the cap takes the debt limit in');
select is(pg_temp.refused(:'enough', 2), 'insufficient_balance', 'held money is not available to another call');
update public.credit_wallets set max_concurrent_calls = 9 where org_id = :'org';
select is(pg_temp.refused(:'org', 10), 'too_many_calls', 'as many calls as the limit allows are under way');
select private.commit_reserved_credits(tests.call_of(:'org', 9), 60, 'report', p_now => :'t');
select is(pg_temp.admitted(:'org', 11, 600), '280 560 594', 'one that ended makes room');
select tests.funded(1000) as suspended, tests.funded(1000) as stopped, tests.funded(1000) as capped, tests.funded(612) as tight \gset
select private.set_wallet_suspension(:'suspended', true, :'t');
select is(pg_temp.refused(:'suspended', 1), 'wallet_suspended', 'a suspended wallet pays for no call');
update public.organizations set suspended_at = now() where id = :'stopped';
select is(pg_temp.refused(:'stopped', 1), 'organization_suspended', 'nor does a suspended organisation''s');
update public.credit_wallets set monthly_cap_pence = 55 where org_id = :'capped';
select is(pg_temp.refused(:'capped', 1), 'monthly_cap_reached', 'a monthly cap below a minute lets none in');
update public.credit_wallets set monthly_cap_pence = 56 where org_id = :'capped';
select is(pg_temp.admitted(:'capped', 2, 600), '56 560 594', 'one of a minute lets a minute in');
update public.credit_wallets set debt_limit_pence = 0 where org_id = :'tight';
select is(pg_temp.admitted(:'tight', 1, 500), '280 467 495', 'with 612 and no debt limit a call of 467 is let in');
select is(pg_temp.admitted(:'tight', 2, 120), '112 112 114', 'then one of 112, as 145 are left to cap');
select is(pg_temp.refused(:'tight', 3), 'cap_too_small', 'then none, as 33 are, though a minute is available');
update public.credit_wallets set debt_limit_pence = 79 where org_id = :'tight';
select is(pg_temp.admitted(:'tight', 4, 600), '112 112 114', 'the smallest cap is two minutes');
select results_eq(format('select held_pence, capped_pence from public.credit_wallets where org_id = %L', :'tight'), 'values (504::bigint, 691::bigint)', 'and balance and debt limit are used up to the last penny');
select private.commit_reserved_credits(tests.call_of(:'org', 8), 60, 'report', p_now => :'t');
select tests.throws_code(format('select private.reserve_call_credits(%L, %L)', :'org', tests.call_of(:'enough', 1)), 'call_of_another_organization', 'a call belongs to one organisation');
select tests.throws_code($$ select private.reserve_call_credits('00000000-0000-4000-8000-000000000001', gen_random_uuid()) $$, 'organization_not_found', 'nobody has no calls');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(16);

select tests.funded(10000) as org \gset
select tests.call_of(:'org', 1) as call, timestamptz '2026-11-02 12:00+00' as t \gset
select * from private.reserve_call_credits(:'org', :'call', p_now => :'t') \gset hold_

select is(:'hold_allowed'::boolean, true, 'a call is let in');
select is(:'hold_held_pence'::bigint, 280::bigint, '280 pence are held');
select is(:'hold_cap_pence'::bigint, 560::bigint, 'it can cost no more than ten minutes, 560 pence');
select is(:'hold_max_duration_seconds'::integer, 594, 'and the provider ends it after 594 seconds: floor((560 - 5) * 60 / 56)');
select is(:'hold_hold_ends_at'::timestamptz, timestamptz '2026-11-02 12:05+00', 'what is held lasts five minutes');
select is((tests.wallet(:'org')).held_pence, 280::bigint, 'the wallet holds them');
select is((tests.wallet(:'org')).capped_pence, 560::bigint, 'and counts the cap');
select is((tests.wallet(:'org')).balance_pence, 10000::bigint, 'the balance is untouched');

select * from private.commit_reserved_credits(:'call', 120, 'report', timestamptz :'t' + interval '125 s', timestamptz :'t' + interval '130 s') \gset bill_
select is(:'bill_outcome'::text, 'settled', 'after 120 seconds it is settled');
select is(:'bill_charged_pence'::bigint, 112::bigint, '112 pence are charged');
select is(:'bill_released_pence'::bigint, 168::bigint, '168 released');
select is(:'bill_balance_pence'::bigint, 9888::bigint, 'and the balance is 112 less');
select is((tests.wallet(:'org')).held_pence, 0::bigint, 'nothing is held any more');
select is((tests.wallet(:'org')).capped_pence, 0::bigint, 'nor capped');
select is((tests.bill(:'call')).status, 'committed', 'the hold is committed');
select results_eq(
    format('select amount_pence, type, idempotency_key, call_id, created_at from public.credit_transactions where org_id = %L and seq = 2', :'org'),
    format($$ values (-112::bigint, 'deduction', 'call:%s:1', %L::uuid, timestamptz '2026-11-02 12:02:10+00') $$, :'call', :'call'),
    'the ledger has one row of it');

select * from finish();
rollback;

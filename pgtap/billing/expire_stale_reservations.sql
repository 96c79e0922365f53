begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(20000) as org, tests.funded(5000) as other \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'org', 2) as renewed, tests.call_of(:'org', 3) as over \gset
select private.reserve_call_credits(:'org', tests.call_of(:'org', n), 3300, p_now => :'t') from generate_series(1, 3) n;
select private.reserve_call_credits(:'other', tests.call_of(:'other', 1), p_now => :'t');
select private.renew_call_reservation(:'renewed', timestamptz :'t' + interval '4 minutes');
select private.commit_reserved_credits(:'over', 60, 'report', p_now => :'t');

select is(private.expire_holds(:'org', timestamptz :'t' + interval '59 minutes 59.999999 s'), 0, 'a hold is good for 60 minutes');
select is(private.expire_holds(:'org', timestamptz :'t' + interval '60 minutes'), 1, 'and then given back');
select is((tests.bill(:'call')).status, 'expired', 'it is expired');
select is((tests.wallet(:'org')).held_pence, 560::bigint, 'the wallet holds it no more; one that was renewed counts from there');
select is((tests.wallet(:'org')).capped_pence, 6160::bigint, 'its cap counts on: nobody said that the call ended');
select is((tests.bill(:'call')).end_reason, 'hold_expired', 'so the call is ended');
select is(tests.ordered(:'org', 'vapi.end_call'), 1::bigint, 'through the provider');
select is((tests.bill(:'call')).next_poll_at, timestamptz '2026-11-02 13:00:30+00', 'which is asked about it');
select is((tests.bill(:'call')).settled_at, null, 'it is not settled');
select is((tests.bill(:'over')).status, 'committed', 'what is settled does not expire');
select is((tests.wallet(:'other')).held_pence, 280::bigint, 'nor does another organisation''s hold');
select is((private.reserve_call_credits(:'org', :'call', p_now => timestamptz :'t' + interval '61 minutes')).reason, 'already_settled', 'an expired call is not let in again');

select is((private.renew_call_reservation(:'call', timestamptz :'t' + interval '61 minutes')).status, 'expired', 'nor renewed');
select * from private.commit_reserved_credits(:'call', 3240, 'report', '2026-11-02 12:54+00', '2026-11-02 13:02+00') \gset
select is(format('%s %s %s %s', :'outcome', :'status', :'charged_pence', :'released_pence'), 'settled committed 3024 0', 'its report still charges it');
select is((tests.wallet(:'org')).held_pence, 560::bigint, 'and gives nothing back twice');
select is((tests.wallet(:'org')).capped_pence, 3080::bigint, 'but frees the cap');
select is((tests.wallet(:'org')).balance_pence, 20000 - 56 - 3024::bigint, 'the ledger has it all');

select cmp_ok(private.expire_stale_reservations(timestamptz :'t' + interval '2 hours'), '>=', 2, 'all organisations'' stale holds are given back at once');
select is((tests.wallet(:'org')).held_pence + (tests.wallet(:'other')).held_pence, 0::bigint, 'of each of them');

select * from finish();
rollback;

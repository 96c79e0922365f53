begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(17);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(5000) as org \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'org', 2) as expired, tests.call_of(:'org', 3) as over \gset
select private.reserve_call_credits(:'org', tests.call_of(:'org', n), p_now => :'t') from generate_series(1, 3) n;
select private.commit_reserved_credits(:'over', null, 'status', p_now => :'t');

select tests.throws_code(format('select private.write_off_call(%L, %L)', :'call', '  '), 'reason_needed', 'nobody writes a call off without a reason');
select tests.throws_code(format('select private.write_off_call(%L, null)', :'call'), 'reason_needed', 'not even without a word');
select tests.throws_code(format('select private.write_off_call(%L, %L)', :'over', 'x'), 'call_has_ended', 'a call that is known to have ended needs no operator''s word');
select private.write_off_call(:'call', ' Vapi lost it, ticket 4711 ', timestamptz :'t' + interval '3 hours');
select is((tests.bill(:'call')).written_off_because, 'Vapi lost it, ticket 4711', 'the reason is on the bill');
select is((tests.bill(:'call')).status, 'expired', 'its hold is given back');
select is((tests.wallet(:'org')).held_pence, 560::bigint, 'to the wallet');
select is((tests.wallet(:'org')).capped_pence, 560::bigint, 'its cap counts no more');
select is((tests.wallet(:'org')).balance_pence, 5000::bigint, 'and costs nothing');
select is((tests.bill(:'call')).next_poll_at, null, 'nobody asks any more');
select results_eq(
    format('select details ->> %L, details ->> %L from public.security_audit_log where org_id = %L and kind = %L', 'call_id', 'reason', :'org', 'call_written_off'),
    format($$ values (%L, 'Vapi lost it, ticket 4711') $$, :'call'), 'and it is on record');
select is(tests.ordered(:'org', 'vapi.end_call'), 1::bigint, 'if it lives after all, it is told to end');
select tests.throws_code(format('select private.write_off_call(%L, %L)', :'call', 'again'), 'call_has_ended', 'a call is written off once');

select is((private.commit_reserved_credits(:'call', 120, 'report', p_now => timestamptz :'t' + interval '4 hours')).charged_pence, 112::bigint, 'word that comes after all is charged');
select is((tests.wallet(:'org')).capped_pence, 560::bigint, 'and frees no cap twice');
select private.expire_hold(tests.bill(:'expired'), timestamptz :'t' + interval '1 hour');
select is((tests.wallet(:'org')).capped_pence, 560::bigint, 'a call whose hold expired counts');
select private.write_off_call(:'expired', 'Lost', timestamptz :'t' + interval '4 hours');
select is(format('%s %s', (tests.wallet(:'org')).held_pence, (tests.wallet(:'org')).capped_pence), '280 0', 'until it is written off, which gives no hold back twice');
select tests.throws_code($$ select private.write_off_call(gen_random_uuid(), 'x') $$, 'call_not_found', 'what nobody knows needs no writing off');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(20);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(100) as org, tests.funded(5000) as other \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'other', 1) as foreign_call \gset

select * from private.deduct_call_credits(:'org', :'call', 'vapi_1', 120, p_ended_at => :'t', p_now => :'t') \gset
select is(format('%s %s %s', :'outcome', :'status', :'charged_pence'), 'settled committed 112', 'a call that was never held for is charged');
select is(:'balance_pence'::bigint, -12::bigint, 'however little there is');
select is(:'limit_exceeded'::boolean, false, 'within the debt limit');
select is((tests.bill(:'call')).cap_pence, 0::bigint, 'it has a bill, without a cap');
select is((tests.bill(:'call')).vapi_call_id, 'vapi_1', 'with the provider''s id');
select is((private.deduct_call_credits(:'org', :'call', 'vapi_1', 120, p_ended_at => :'t', p_now => :'t')).outcome, 'unchanged', 'again it changes nothing');
select is((tests.wallet(:'org')).balance_pence, -12::bigint, 'nor takes anything');
select is((private.deduct_call_credits(:'org', :'call', 'vapi_1', 180, p_ended_at => timestamptz :'t' + interval '1 s', p_now => :'t')).posted_pence, 56::bigint, 'better word corrects it like any call');

-- Past the debt limit.
select * from private.deduct_call_credits(:'org', tests.call_of(:'org', 4), null, 464, p_now => :'t') \gset
select is(:'balance_pence'::bigint, -502::bigint, 'past the debt limit it posts all the same');
select is(:'limit_exceeded'::boolean, true, 'says so');
select is((tests.wallet(:'org')).suspended_by, 'debt', 'suspends the wallet');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'and tells the operator');

select private.reserve_call_credits(:'other', :'foreign_call', p_now => :'t');
select is((private.deduct_call_credits(:'other', :'foreign_call', null, 60, p_now => :'t')).released_pence, 224::bigint, 'for a call with a hold it is that hold''s settlement');
select is((tests.wallet(:'other')).held_pence, 0::bigint, 'which is free');
select is((private.deduct_call_credits(:'other', tests.call_of(:'other', 2), null, null, 'status', :'t', :'t')).outcome, 'pending', 'a length nobody knows is not nothing');
select isnt((tests.bill(tests.call_of(:'other', 2))).next_poll_at, null, 'and is asked for');
select tests.throws_code(format('select private.deduct_call_credits(%L, %L, null, 60)', :'org', :'foreign_call'), 'call_of_another_organization', 'nobody pays for another''s call');
select tests.throws_code(format('select private.deduct_call_credits(%L, gen_random_uuid(), null, 60, %L)', :'org', 'rumour'), 'unknown_source', 'nor for a rumour');
select tests.throws_code(format('select private.deduct_call_credits(%L, gen_random_uuid(), null, 10000001)', :'org'), 'invalid_duration', 'no call lasts four months');
select tests.throws_code('select private.deduct_call_credits(gen_random_uuid(), gen_random_uuid(), null, 60)', 'organization_not_found', 'nobody has no wallet');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(21);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(100) as org \gset
select private.deduct_call_credits(:'org', tests.call_of(:'org', 1), null, 642, p_now => :'t');
select is((tests.wallet(:'org')).balance_pence, -500::bigint, 'a debt as large as its limit');
select is((tests.wallet(:'org')).status, 'active', 'is no reason to suspend');
select is((private.reserve_call_credits(:'org', tests.call_of(:'org', 9), p_now => :'t')).reason, 'insufficient_balance', 'though no call starts on a debt');
select * from private.deduct_call_credits(:'org', tests.call_of(:'org', 2), null, 1, p_now => :'t') \gset
select is(:'posted_pence'::bigint, 1::bigint, 'a penny more posts: the second was used');
select ok(:'limit_exceeded'::boolean, 'and says that the limit is exceeded');
select is(format('%s by %s', (tests.wallet(:'org')).status, (tests.wallet(:'org')).suspended_by), 'suspended by debt', 'which suspends the wallet');
select is((select count(*) from private.effects where org_id = :'org' and kind = 'slack.message' and payload ->> 'kind' = 'debt_limit_exceeded'), 1::bigint, 'the operator hears');
select private.deduct_call_credits(:'org', tests.call_of(:'org', 3), null, 60, p_now => timestamptz :'t' + interval '2 hours');
select is((tests.wallet(:'org')).balance_pence, -557::bigint, 'what else was used posts, too');
select is((select count(*) from private.effects where org_id = :'org' and kind = 'slack.message' and payload ->> 'kind' = 'debt_limit_exceeded'), 1::bigint, 'without saying so again');

select private.add_credits(:'org', 557, 'topup', 'k1', p_now => timestamptz :'t' + interval '3 hours');
select is((tests.wallet(:'org')).status, 'suspended', 'a top-up that brings the balance to nothing lifts nothing');
select private.add_credits(:'org', 1, 'bonus', 'k2', p_now => timestamptz :'t' + interval '3 hours');
select is(format('%s by %s', (tests.wallet(:'org')).status, (tests.wallet(:'org')).suspended_by), 'active by ', 'above it the suspension for debt is lifted');

-- An operator's suspension is another matter.
select private.set_wallet_suspension(:'org', true, :'t');
select is((tests.wallet(:'org')).suspended_by, 'operator', 'an operator suspends a wallet');
select private.add_credits(:'org', 5000, 'topup', 'k3', p_now => timestamptz :'t' + interval '4 hours');
select is((tests.wallet(:'org')).suspended_by, 'operator', 'a top-up does not lift that');
select is((private.reserve_call_credits(:'org', tests.call_of(:'org', 10), p_now => :'t')).reason, 'wallet_suspended', 'and no call starts');
select private.add_credits(:'org', -6000, 'adjustment', 'k4', p_now => timestamptz :'t' + interval '4 hours');
select is((tests.wallet(:'org')).suspended_by, 'operator', 'a debt does not change who suspended it');
select is((private.set_wallet_suspension(:'org', false, :'t')).suspended_by, 'debt', 'when the operator lifts it, a debt past the limit suspends it anew');
select private.set_wallet_suspension(:'org', true, :'t');
select private.add_credits(:'org', 500, 'topup', 'k5', p_now => timestamptz :'t' + interval '4 hours');
select is((tests.wallet(:'org')).balance_pence, -499::bigint, 'within the limit');
select is((private.set_wallet_suspension(:'org', false, :'t')).status, 'active', 'the operator''s word is enough');
select isnt_empty(format('select from public.audit_logs where org_id = %L and after ->> %L = %L', :'org', 'suspended_by', 'operator'), 'that a wallet was suspended is in the audit log');
select tests.throws_code('select private.set_wallet_suspension(gen_random_uuid(), true)', 'organization_not_found', 'nobody has no wallet');
select is((tests.wallet(:'org')).debt_limit_pence, 500::bigint, 'the limit is five pounds unless somebody says otherwise');

select * from finish();
rollback;

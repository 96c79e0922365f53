begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(11);

select tests.org() as org, tests.org() as other \gset
select tests.user(:'org', 'manager') as manager, tests.user(:'org', 'user') as member, gen_random_uuid() as call \gset
select private.post_entry(:'org', 2500, 'topup', 'stripe:pi_1', '=cmd|'' /C calc''!A0', 'pi_1', p_now => '2026-11-01 12:00:01.5+00') is not null;
select private.post_entry(:'org', -112, 'deduction', 'call:a:1', 'Call, two "minutes"', p_call_id => :'call', p_now => '2026-11-02 12:00+00') is not null;
select private.post_entry(:'org', -2500, 'refund', 'refund:pi_1:2500', 'Refund', p_stripe_object_id => 'ch_1', p_now => '2026-11-03 12:00+00') is not null;
select private.post_entry(:'other', 9999, 'topup', 'stripe:pi_2', 'Top-up', 'pi_2', p_now => '2026-11-01 12:00+00') is not null;

select tests.as_user(:'manager');
select regexp_split_to_array(public.wallet_transactions_csv(), E'\r\n') as lines \gset
select is((:'lines'::text[])[1], 'seq,created_at,type,kind,description,amount_gbp,amount_pence,balance_gbp,balance_pence,call_id,stripe_payment_intent_id,stripe_object_id');
select is((:'lines'::text[])[2], '1,2026-11-01T12:00:01Z,topup,topup,''=cmd|'' /C calc''!A0,25.00,2500,25.00,2500,,pi_1,', 'a formula is a text');
select is((:'lines'::text[])[3], format('2,2026-11-02T12:00:00Z,deduction,call,"Call, two ""minutes""",-1.12,-112,23.88,2388,%s,,', :'call'), 'numbers stay numbers');
select is((:'lines'::text[])[4], '3,2026-11-03T12:00:00Z,refund,refund,Refund,-25.00,-2500,-1.12,-112,,,ch_1');
select is((:'lines'::text[])[5:], '{""}', 'every line ends, and nobody else''s is there');
select is(array_length(regexp_split_to_array(public.wallet_transactions_csv('2026-11-02 12:00+00', '2026-11-03 12:00+00'), E'\r\n'), 1), 3, 'within a time');
select is(array_length(regexp_split_to_array(public.wallet_transactions_csv(p_type => 'bonus'), E'\r\n'), 1), 2, 'of one type, where there is none the header');
select tests.throws_code($$ select public.wallet_transactions_csv(p_type => 'call') $$, 'invalid_value');
select tests.as_user(:'member');
select tests.throws_code('select public.wallet_transactions_csv()', 'role_too_low');

select tests.as_owner();
insert into public.credit_transactions (
    org_id, seq, amount_pence, type, description, idempotency_key, balance_before_pence, balance_after_pence, entry_hash, created_at)
select :'org', n, 1, 'bonus', 'x', 'n:' || n, n, n + 1, sha256(''), '2026-11-04 12:00+00' from generate_series(4, 20001) as n;
select tests.as_user(:'manager');
select lives_ok($$ select public.wallet_transactions_csv(p_from => '2026-11-01 13:00+00') $$, '20,000 lines are an answer');
select tests.throws_code('select public.wallet_transactions_csv()', 'too_many_lines', 'one more is refused rather than left out');

select * from finish();
rollback;

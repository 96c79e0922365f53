begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(19);

select tests.org() as org, tests.org() as other, gen_random_uuid() as call, gen_random_uuid() as second \gset
select * from private.post_entry(:'org', 5000, 'topup', 'k1', 'Top-up', 'pi_1', p_now => '2026-11-02 12:00+00') \gset e_
select is(:'e_seq'::bigint, 1::bigint, 'the first row of a wallet is number 1');
select is(:'e_balance_before_pence'::bigint, 0::bigint, 'it begins at nothing');
select is(:'e_balance_after_pence'::bigint, 5000::bigint, 'and ends at its amount');
select is((tests.wallet(:'org')).balance_pence, 5000::bigint, 'the balance moves with it');
select is((tests.wallet(:'org')).entry_count, 1::bigint, 'as the count of rows does');
select is(encode((tests.wallet(:'org')).last_entry_hash, 'hex'), encode(:'e_entry_hash'::bytea, 'hex'), 'and the head of the chain');

select is((private.post_entry(:'org', 5000, 'topup', 'k1', 'Other words', p_now => '2026-11-03 12:00+00')).id, :'e_id'::uuid, 'the same key again answers the row that is there');
select is((tests.wallet(:'org')).balance_pence, 5000::bigint, 'and moves nothing');
select tests.throws_code(format('select private.post_entry(%L, 5001, %L, %L, %L)', :'org', 'topup', 'k1', 'x'), 'idempotency_key_reused', 'a key stands for one amount');
select tests.throws_code(format('select private.post_entry(%L, 5000, %L, %L, %L)', :'org', 'bonus', 'k1', 'x'), 'idempotency_key_reused', 'and one type');
select is((private.post_entry(:'other', 700, 'topup', 'k1', 'Top-up', p_now => '2026-11-02 12:00+00')).seq, 1::bigint, 'another organisation''s keys are its own');

select private.post_entry(:'org', -112, 'deduction', 'k2', 'Call', p_call_id => :'call', p_now => '2026-11-30 23:59+00');
select is((tests.wallet(:'org')).spent_pence, 112::bigint, 'what a call costs is counted in its month');
select private.post_entry(:'org', -1000, 'deduction', 'k3', 'Number', p_now => '2026-11-30 23:59:30+00');
select is((tests.wallet(:'org')).spent_pence, 112::bigint, 'a purchase is not');
select private.post_entry(:'org', 12, 'adjustment', 'k4', 'Correction', p_call_id => :'call', p_now => '2026-11-30 23:59:40+00');
select is((tests.wallet(:'org')).spent_pence, 100::bigint, 'a correction of a call is');
select private.post_entry(:'org', -56, 'deduction', 'k5', 'Call', p_call_id => :'second', p_now => '2026-12-01 00:00+00');
select is(row((tests.wallet(:'org')).spent_month, (tests.wallet(:'org')).spent_pence)::text, row('2026-12-01'::date, 56)::text, 'a new month counts anew');

select is(
    (private.post_entry(:'org', 1, 'bonus', 'k6', 'Bonus', p_now => '2026-11-01 00:00+00')).created_at,
    timestamptz '2026-12-01 00:00+00', 'the ledger''s time never goes back');
select is((tests.wallet(:'org')).last_entry_at, timestamptz '2026-12-01 00:00+00', 'nor the wallet''s');
select throws_ok(format('select private.post_entry(%L, -56, %L, %L, %L, p_call_id => %L)', :'org', 'deduction', 'k7', 'Call', :'second'), '23505', null, 'a call is charged by one deduction');
select results_eq(
    format('select seq, balance_before_pence + amount_pence = balance_after_pence,
                   balance_before_pence = coalesce(lag(balance_after_pence) over (order by seq), 0)
            from public.credit_transactions where org_id = %L order by seq', :'org'),
    'select n::bigint, true, true from generate_series(1, 6) n', 'rows are numbered without a gap, each beginning where the one before ended');

select * from finish();
rollback;

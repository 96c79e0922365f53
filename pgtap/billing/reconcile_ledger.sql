-- Alone: it takes the ledger's triggers away.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);

alter table public.credit_transactions disable trigger user;
select tests.lived_in_wallet() as org, tests.lived_in_wallet() as other \gset
select format('select from public.credit_transactions where org_id = %L', :'org') as ledger,
       format('update public.credit_transactions set %%s where org_id = %L and seq = %%s', :'org') as edit,
       format('update public.credit_wallets set %%s where org_id = %L', :'org') as wallet \gset

select is(tests.drift_after(:'org', 'select'), 'nothing', 'a wallet that has seen everything once adds up');
select is(
    tests.drift_after(:'org', format(:'edit', 'amount_pence = 6000, balance_after_pence = 6000', 1)),
    'balance -1000; continuity 1 (entry 2); chain 1 (entry 1); payment_amounts 1 (payment pi_lived_'
    || left(:'org', 8) || ', entry 1: 6000 credited, Stripe named 5000)',
    'a row whose amount was changed is named, as is the one that no longer follows from it');
select is(tests.drift_after(:'org', format(:'edit', 'type = ''adjustment''', 5)), 'chain 1 (entry 5)', 'so is one whose type was changed');
select is(
    tests.drift_after(:'org', format(:'edit', 'idempotency_key = ''number:2''', 5)), 'chain 1 (entry 5)',
    'one whose key was changed');
select is(
    tests.drift_after(:'org', format(:'edit', 'entry_hash = sha256('''')', 5)), 'chain 2 (entry 5)',
    'and one whose hash was: the next does not follow from it either');
select is(
    tests.drift_after(:'org', format(:'edit', 'description = ''A person was erased from this''', 5)), 'nothing',
    'the description may be redacted');
select is(
    tests.drift_after(:'org', format(:'edit', 'created_at = created_at - interval ''1 hour''', 6)),
    'time 1 (entry 6); chain 1 (entry 6)', 'time that goes back is seen');
select is(
    tests.drift_after(:'org', 'delete' || substr(:'ledger', 7) || ' and seq = 5'),
    'balance -1000; entry_count 1; sequence 1 (entry 6); continuity 1 (entry 6); chain 1 (entry 6)',
    'a row that is gone is missed by the next');
select is(
    tests.drift_after(:'org', format($$
        update public.credit_transactions set seq = seq + 1000 where org_id = %1$L and seq > 4;
        update public.credit_transactions set seq = seq - 999 where org_id = %1$L and seq > 1000;
        insert into public.credit_transactions (
            org_id, seq, amount_pence, type, description, idempotency_key, balance_before_pence, balance_after_pence, entry_hash, created_at)
        select org_id, 5, 900, 'bonus', 'A gift', 'gift', balance_after_pence, balance_after_pence + 900, sha256('gift'), created_at
        from public.credit_transactions where org_id = %1$L and seq = 4 $$, :'org')),
    'balance -900; entry_count -1; continuity 1 (entry 6); chain 5 (entry 5)',
    'a row that came in between is named; hashes behind it no longer stand');
select is(
    tests.drift_after(:'org', 'delete' || substr(:'ledger', 7) || ' and seq = 8'),
    'balance 300; entry_count 1; head 1 (entry 7); disputes 1 (dispute_reinstated:dp_lived: 0 in the ledger, 300 by the dispute)',
    'a tail that was cut off is missed by the wallet');
select is(tests.drift_after(:'org', format(:'wallet', 'balance_pence = balance_pence + 1')), 'balance 1', 'a balance that says more than the ledger is seen');
select is(
    tests.drift_after(:'org', format(:'wallet', 'entry_count = 9, last_entry_hash = sha256('''')')),
    'entry_count 1; head 1 (entry 8)', 'so is a head that is not the last row''s');
select is(
    tests.drift_after(:'org', format(:'wallet', 'last_entry_at = last_entry_at + interval ''1 day''')), 'head_time 1 (entry 8)',
    'and a time that is not');
select is(
    tests.drift_after(:'org', format('delete from public.credit_wallets where org_id = %L', :'org')),
    'wallet 1; balance -3276; entry_count -8; head 1 (entry 8); head_time 1 (entry 8); held -280; capped -560; spent -224 (calls of '
    || to_char(private.london_month(now()), 'YYYY-MM') || ')', 'a wallet that is gone is missed');
select is(
    tests.drift_after(:'other', format(:'edit', 'amount_pence = 1, balance_after_pence = 1', 1)), 'nothing',
    'another organisation''s damage is its own');

select * from finish();
rollback;

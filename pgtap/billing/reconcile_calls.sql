-- Alone: it takes the ledger's triggers away.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(10);

alter table public.credit_transactions disable trigger user;
select tests.lived_in_wallet() as org \gset
select md5('call 1 ' || :'org')::uuid as once, md5('call 2 ' || :'org')::uuid as twice, md5('call 3 ' || :'org')::uuid as live \gset
select format('update public.credit_reservations set %%s where org_id = %L and call_id = %%L', :'org') as call \gset

select is(
    tests.drift_after(:'org', format(:'call', 'committed_pence = 113', :'once')),
    format('call_charges 1 (call %s, entry 2: 112 posted, 113 on its bill, 112 by its evidence)', :'once'),
    'a bill that is not what was posted is named');
select is(
    tests.drift_after(:'org', format(:'call', 'evidence_seconds = 121', :'twice')),
    format('call_charges 1 (call %s, entry 3: 112 posted, 112 on its bill, 113 by its evidence)', :'twice'),
    'so is one that is not what the best word on the call''s end comes to');
select is(
    tests.drift_after(:'org', format(:'call', 'rate_pence_per_minute = 57', :'once')),
    format('call_charges 1 (call %s, entry 2: 112 posted, 112 on its bill, 114 by its evidence)', :'once'),
    'or at another rate');
select is(
    tests.drift_after(:'org', format(:'call', 'evidence_rank = null, evidence_seconds = null, ended_rank = 4, ended_at = now()', :'once')),
    'nothing', 'while the length of a call is unknown, its bill stands');
select is(
    tests.drift_after(:'org', format('update public.credit_transactions set call_id = %L where org_id = %L and seq = 5', :'live', :'org')),
    format('chain 1 (entry 5); spent -1000 (calls of %s); calls_unsettled 1 (call %s, entry 5: 1000 posted, 0 on its bill, and it is not settled); '
        || 'call_postings 1 (call %2$s, entry 5: 1 entries, 0 by its bill)', to_char(private.london_month(now()), 'YYYY-MM'), :'live'),
    'a charge for a call that is under way is named');
select matches(
    tests.drift_after(:'org', format('delete from public.credit_reservations where org_id = %L and call_id = %L', :'org', :'once')),
    format('^calls_unsettled 1 \(call %s, entry 2: .*; call_postings 1 ', :'once'), 'so is one for a call without a bill');
select is(
    tests.drift_after(:'org', format(:'call', 'committed_pence = 5', :'live')),
    format('calls_unsettled 1 (call %s: 0 posted, 5 on its bill, and it is not settled)', :'live'),
    'and a bill that charges before the call is settled');
select is(
    tests.drift_after(:'org', format(:'call', 'postings = 3', :'twice')),
    format('call_postings 1 (call %s, entry 3: 2 entries, 3 by its bill)', :'twice'), 'entries and bill agree on how many there are');

drop index public.credit_transactions_one_charge_a_call;
select is(
    tests.drift_after(:'org', format('update public.credit_transactions set type = ''deduction'' where org_id = %L and seq = 4', :'org')),
    format('chain 1 (entry 4); call_deductions 1 (call %s, entry 3: 2 deductions)', :'twice'), 'a call that was charged twice is named');
select is(
    tests.drift_after(:'org', format('update public.credit_transactions set type = ''adjustment'' where org_id = %L and seq = 5', :'org')),
    'chain 1 (entry 5)', 'a purchase is no call');

select * from finish();
rollback;

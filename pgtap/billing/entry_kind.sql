begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(13);

create function pg_temp.kind(p_type text, p_amount bigint, p_call uuid, p_object text) returns text language sql as $$
    select private.entry_kind(row(
        null, null, 1, p_amount, p_type, 'x', null, p_object, p_call, null, 'k', 0, p_amount, null, null)::public.credit_transactions);
$$;

select is(pg_temp.kind('topup', 2500, null, null), 'topup');
select is(pg_temp.kind('bonus', 100, null, null), 'bonus');
select is(pg_temp.kind('deduction', -112, gen_random_uuid(), null), 'call');
select is(pg_temp.kind('adjustment', -3, gen_random_uuid(), null), 'call', 'what corrects a call belongs to calls');
select is(pg_temp.kind('refund', 112, gen_random_uuid(), null), 'call', 'and what is given back for one');
select is(pg_temp.kind('deduction', -1000, null, null), 'purchase');
select is(pg_temp.kind('refund', 1000, null, null), 'purchase', 'what is given back for something bought belongs to purchases');
select is(pg_temp.kind('refund', -2500, null, 'ch_1'), 'refund', 'money back to the card');
select is(pg_temp.kind('refund', 2500, null, 're_1'), 'refund', 'which may come back from there');
select is(pg_temp.kind('adjustment', -2500, null, 'dp_1'), 'refund', 'a dispute is one, too');
select is(pg_temp.kind('refund', -2500, null, null), 'refund', 'by whatever way');
select is(pg_temp.kind('adjustment', -50, null, null), 'adjustment');
select is(pg_temp.kind('adjustment', 50, null, null), 'adjustment');

select * from finish();
rollback;

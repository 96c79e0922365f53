begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(10);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(5000) as org, tests.funded(10) as poor \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'poor', 1) as refused \gset

select is(private.first_admission(:'org', :'call'), null, 'a call that never asked has no answer');
select to_jsonb(a)::text as first from private.reserve_call_credits(:'org', :'call', p_now => :'t') a \gset
select is((select to_jsonb(a)::text from private.reserve_call_credits(:'org', :'call', 3300, p_now => timestamptz :'t' + interval '9 s') a), :'first'::text, 'a call that asks again is given the first answer');
select is((tests.wallet(:'org')).held_pence, 280::bigint, 'and holds nothing twice');
select is((tests.wallet(:'org')).capped_pence, 560::bigint, 'nor caps');
select is((select count(*) from private.effects where org_id = :'org' and kind = 'billing.hold_deadline'), 1::bigint, 'nor has two deadlines');

select is((private.reserve_call_credits(:'poor', :'refused', p_now => :'t')).reason, 'insufficient_balance', 'a call that was refused');
select private.add_credits(:'poor', 5000, 'topup', 'k', p_now => :'t');
select is((private.reserve_call_credits(:'poor', :'refused', p_now => :'t')).reason, 'insufficient_balance', 'stays refused: its caller has heard so');
select is((select count(*) from public.call_refusals where org_id = :'poor'), 1::bigint, 'and is refused once');

select private.commit_reserved_credits(:'call', 60, 'report', p_now => timestamptz :'t' + interval '2 minutes');
select results_eq(
    format('select allowed, reason from private.reserve_call_credits(%L, %L)', :'org', :'call'), $$ values (false, 'already_settled') $$,
    'a call that has ended is not let in again');
select private.deduct_call_credits(:'org', tests.call_of(:'org', 2), null, 60, p_now => :'t');
select is((private.reserve_call_credits(:'org', tests.call_of(:'org', 2), p_now => :'t')).reason, 'already_settled', 'nor one that was charged before it asked');

select * from finish();
rollback;

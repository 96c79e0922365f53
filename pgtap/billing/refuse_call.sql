begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(14);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(10) as org \gset
update public.organizations set email = 'clinic@example.test' where id = :'org';
delete from private.effects where org_id = :'org';

select private.reserve_call_credits(:'org', tests.call_of(:'org', 1), p_now => :'t');
select results_eq(
    format('select call_id, reason, balance_pence, held_pence, capped_pence, created_at from public.call_refusals where org_id = %L', :'org'),
    format('values (%L::uuid, %L, 10::bigint, 0::bigint, 0::bigint, timestamptz %L)', tests.call_of(:'org', 1), 'insufficient_balance', :'t'),
    'a refusal is kept, with its reason and the money as it stood');
select is((tests.wallet(:'org')).capped_pence, 0::bigint, 'nothing is capped for it');
select is((tests.wallet(:'org')).held_pence, 0::bigint, 'nor held');
select is_empty(format('select from public.credit_reservations where org_id = %L', :'org'), 'it has no bill');
select is((select payload from private.events where org_id = :'org' and kind = 'call.refused') - 'told', jsonb_build_object('call_id', tests.call_of(:'org', 1), 'reason', 'insufficient_balance'), 'the clinic''s screens hear at once');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'the operator, too');
select is(tests.ordered(:'org', 'resend.email'), 1::bigint, 'and the clinic has an email');

select private.reserve_call_credits(:'org', tests.call_of(:'org', 2), p_now => timestamptz :'t' + interval '1 minute');
select is((select count(*) from public.call_refusals where org_id = :'org'), 2::bigint, 'each call''s refusal is kept');
select is(tests.ordered(:'org', 'resend.email'), 1::bigint, 'but one email a day says so');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'and one line an hour');
select private.reserve_call_credits(:'org', tests.call_of(:'org', 3), p_now => timestamptz :'t' + interval '1 day');
select is(tests.ordered(:'org', 'resend.email'), 2::bigint, 'the next day another');
select is(tests.ordered(:'org', 'slack.message'), 2::bigint, 'the next hour another');
update public.organizations set suspended_at = now() where id = :'org';
select private.reserve_call_credits(:'org', tests.call_of(:'org', 4), p_now => timestamptz :'t' + interval '1 day');
select is(tests.ordered(:'org', 'resend.email'), 3::bigint, 'another reason is worth another email');
select results_eq(
    'select reason from private.refusal_reasons where spoken is null or told is null or spoken not like $$I am sorry%$$', 'select $$x$$ where false',
    'every reason has a polite sentence for the caller and one for the clinic');

select * from finish();
rollback;

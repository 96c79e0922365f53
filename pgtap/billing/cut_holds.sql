begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(15);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(3000) as org \gset
select private.reserve_call_credits(:'org', tests.call_of(:'org', n), p_now => timestamptz :'t' + make_interval(secs => n)) from generate_series(1, 3) n;
select private.note_call_line(tests.call_of(:'org', 3), 'vapi_3', 'https://control.example/3', null, :'t');
delete from private.effects where org_id = :'org';
create function pg_temp.holds(p_org uuid) returns text language sql as $$
    select string_agg(reserved_pence::text, ' ' order by created_at) from public.credit_reservations where org_id = p_org;
$$;

-- 840 are held, and the debt limit covers the caps.
update public.credit_wallets set debt_limit_pence = 2000 where org_id = :'org';
select private.add_credits(:'org', -2160, 'refund', 'r1', p_now => timestamptz :'t' + interval '30 s');
select is(pg_temp.holds(:'org'), '280 280 280', 'what the balance covers to the penny is not cut');
select private.add_credits(:'org', -100, 'refund', 'r2', p_now => timestamptz :'t' + interval '30 s');
select is(pg_temp.holds(:'org'), '280 280 180', 'what it does not is taken from the newest hold');
select is((tests.wallet(:'org')).held_pence, 740::bigint, 'so that available is nothing, not less');
select is((tests.bill(tests.call_of(:'org', 3))).hold_ends_at, timestamptz '2026-11-02 12:00:03+00' + private.paid_time(180, 56), 'that hold ends the sooner');
select results_eq(
    format('select payload ->> %L, (payload ->> %L)::timestamptz, run_at from private.effects where org_id = %L and kind = %L', 'call_id', 'hold_ends_at', :'org', 'billing.hold_deadline'),
    format('select %L, hold_ends_at, hold_ends_at - interval %L from public.credit_reservations where call_id = %1$L', tests.call_of(:'org', 3), '33 s'), 'and its deadline moves');
select is(private.keep_hold(:'org', tests.call_of(:'org', 3), timestamptz :'t' + interval '303 s', timestamptz :'t' + interval '270 s'), 'stale', 'the old one does nothing');
select is((tests.bill(tests.call_of(:'org', 3))).end_requested_at, null, 'the call goes on');

select private.add_credits(:'org', -160, 'refund', 'r3', p_now => timestamptz :'t' + interval '30 s');
select is(pg_temp.holds(:'org'), '280 280 20', 'a call whose paid time is over then');
select is((tests.bill(tests.call_of(:'org', 3))).end_reason, 'hold_cut', 'ends');
select is(tests.ordered(:'org', 'vapi.end_call'), 1::bigint, 'at once');
select private.add_credits(:'org', -300, 'refund', 'r4', p_now => timestamptz :'t' + interval '30 s');
select is(pg_temp.holds(:'org'), '280 0 0', 'then the one before it');
select is((tests.bill(tests.call_of(:'org', 1))).end_requested_at, null, 'the oldest last');
select is((tests.wallet(:'org')).held_pence, (select sum(reserved_pence) from public.credit_reservations where org_id = :'org')::bigint, 'the wallet holds what they hold');
select is((tests.wallet(:'org')).capped_pence, 1680::bigint, 'the caps are what they were');
select is((private.commit_reserved_credits(tests.call_of(:'org', 3), 60, 'report', p_now => timestamptz :'t' + interval '2 minutes')).charged_pence, 56::bigint, 'what a call used is charged, whatever is left of its hold');

select * from finish();
rollback;

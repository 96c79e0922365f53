begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(22);
select timestamptz '2026-11-02 12:00+00' as t \gset
create function pg_temp.busy(p_pence bigint, p_calls integer) returns uuid language plpgsql as $$
declare
    v_org constant uuid := tests.funded(p_pence);
begin
    for v_n in 1..p_calls loop
        perform private.reserve_call_credits(v_org, tests.call_of(v_org, v_n), p_now => timestamptz '2026-11-02 12:00+00' + make_interval(secs => v_n));
    end loop;
    return v_org;
end
$$;
create function pg_temp.told(p_org uuid) returns text language sql as $$
    select string_agg(coalesce(r.end_reason, '-'), ' ' order by r.created_at) from public.credit_reservations r where r.org_id = p_org;
$$;

-- Nothing left.
select pg_temp.busy(5000, 3) as org \gset
select private.add_credits(:'org', -4999, 'refund', 'r1', p_now => timestamptz :'t' + interval '1 minute');
select isnt(pg_temp.told(:'org'), null, 'a refund in the midst of calls');
select is((tests.wallet(:'org')).held_pence, 1::bigint, 'cuts their holds to what is left');
select private.add_credits(:'org', -1, 'adjustment', 'r2', p_now => timestamptz :'t' + interval '1 minute');
select is((tests.wallet(:'org')).balance_pence, 0::bigint, 'with nothing left');
select is((select count(*) from public.credit_reservations where org_id = :'org' and end_requested_at is not null), 3::bigint, 'every call ends at once: the kill switch');
select is(tests.ordered(:'org', 'vapi.end_call'), 3::bigint, 'each is ordered');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'and the operator has one line');
select is((tests.wallet(:'org')).held_pence, 0::bigint, 'nothing is held that is not there');

-- A call that the provider dates ahead has paid time to come; not when there is nothing left.
select pg_temp.busy(5000, 1) as ahead \gset
select private.start_call_clock(tests.call_of(:'ahead', 1), timestamptz :'t' + interval '100 s', :'t');
select private.add_credits(:'ahead', -5000, 'adjustment', 'a', p_now => :'t');
select is(pg_temp.told(:'ahead'), 'wallet_empty', 'no call goes on with nothing left, whatever its clock says');

-- Suspended.
select pg_temp.busy(5000, 2) as stopped \gset
select private.set_wallet_suspension(:'stopped', true, timestamptz :'t' + interval '1 minute');
select is(pg_temp.told(:'stopped'), 'wallet_suspended wallet_suspended', 'a suspended wallet''s calls end, whatever it holds');
select is((tests.wallet(:'stopped')).held_pence, 560::bigint, 'their holds stay until they are charged');
select is((tests.bill(tests.call_of(:'stopped', 1))).end_due_at, timestamptz '2026-11-02 12:01+00', 'at once');

-- The caps no longer covered: 3 x 560 = 1,680 against balance and 500.
select pg_temp.busy(2000, 3) as uncovered \gset
select private.add_credits(:'uncovered', -820, 'refund', 'r', p_now => timestamptz :'t' + interval '1 minute');
select is(pg_temp.told(:'uncovered'), '- - -', '1,180 and 500 cover 1,680: nobody is cut off');
select private.add_credits(:'uncovered', -1, 'refund', 's', p_now => timestamptz :'t' + interval '1 minute');
select is(pg_temp.told(:'uncovered'), '- - cap_uncovered', 'a penny less, and the newest call ends');
select private.add_credits(:'uncovered', -300, 'refund', 'u', p_now => timestamptz :'t' + interval '1 minute');
select is(pg_temp.told(:'uncovered'), '- - cap_uncovered', 'a call that was told to end counts as ending');
select private.add_credits(:'uncovered', -260, 'refund', 'v', p_now => timestamptz :'t' + interval '1 minute');
select is(pg_temp.told(:'uncovered'), '- cap_uncovered cap_uncovered', 'another 560 less, and the next');
select is((tests.wallet(:'uncovered')).balance_pence, 619::bigint, 'with 619 left');
select is((tests.wallet(:'uncovered')).capped_pence, 1680::bigint, 'all caps count until the provider says so');

-- What does not disturb a call.
select pg_temp.busy(5000, 2) as calm \gset
select private.add_credits(:'calm', -3000, 'refund', 'r', p_now => timestamptz :'t' + interval '1 minute');
select is(pg_temp.told(:'calm'), '- -', 'a refund that leaves enough disturbs no call');
select private.add_credits(:'calm', -2000, 'adjustment', 'w', p_now => timestamptz :'t' + interval '1 minute');
select is((select count(*) from public.credit_reservations where org_id = :'calm' and end_requested_at is null), 0::bigint, 'one that leaves nothing ends them');
select private.commit_reserved_credits(tests.call_of(:'calm', 1), 60, 'report', p_now => timestamptz :'t' + interval '2 minutes');
select is((tests.wallet(:'calm')).balance_pence, -56::bigint, 'what was used of them posts');
select is((tests.wallet(:'calm')).status, 'active', 'within the debt limit');
select is(tests.ordered(:'calm', 'vapi.end_call'), 2::bigint, 'and nobody is told twice');

select * from finish();
rollback;

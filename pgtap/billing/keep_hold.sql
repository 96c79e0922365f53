begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(33);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(280) as org \gset
select tests.call_of(:'org', 1) as call \gset
select private.reserve_call_credits(:'org', :'call', p_now => :'t');
select private.note_call_line(:'call', 'vapi_1', 'https://control.example/1', 'CA1', :'t');
delete from private.effects where org_id = :'org';

-- Nothing can be renewed: 33 seconds before the paid time ends the caller is warned, three seconds before it the call is ended.
select is(private.keep_hold(:'org', :'call', '2026-11-02 12:04+00', '2026-11-02 12:04:27+00'), 'stale', 'a deadline for another end than the hold''s does nothing');
select is((tests.bill(:'call')).warned_for, null, 'nobody is warned');
select is(private.keep_hold(:'org', :'call', '2026-11-02 12:05+00', '2026-11-02 12:04:27+00'), 'warned', 'with nothing to renew from, the caller is warned');
select is((tests.bill(:'call')).warned_for, timestamptz '2026-11-02 12:05+00', 'of this end');
select results_eq(
    format('select payload ->> %L, payload ->> %L, run_at from private.effects where org_id = %L and kind = %L', 'control_url', 'call_id', :'org', 'vapi.say'),
    format($$ values ('https://control.example/1', %L, timestamptz '2026-11-02 12:04:27+00') $$, :'call'), 'through the provider, 30 seconds before the hang-up');
select results_eq(
    format('select run_at, (payload ->> %L)::timestamptz from private.effects where org_id = %L and kind = %L', 'hold_ends_at', :'org', 'billing.hold_deadline'),
    $$ values (timestamptz '2026-11-02 12:04:57+00', timestamptz '2026-11-02 12:05+00') $$, 'the last deadline is three seconds before the end');
select is(private.keep_hold(:'org', :'call', '2026-11-02 12:05+00', '2026-11-02 12:04:40+00'), 'waiting', 'in between nothing happens');
select is(tests.ordered(:'org', 'vapi.say'), 1::bigint, 'the caller is warned once');
select is((tests.bill(:'call')).end_requested_at, null, 'and not cut off');
select is(private.keep_hold(:'org', :'call', '2026-11-02 12:05+00', '2026-11-02 12:04:56.999999+00'), 'waiting', 'not a moment early');
select is(private.keep_hold(:'org', :'call', '2026-11-02 12:05+00', '2026-11-02 12:04:57+00'), 'ended', 'then the call is ended');
select is((tests.bill(:'call')).end_reason, 'hold_exhausted', 'because the hold is used up');
select is((tests.bill(:'call')).end_due_at, timestamptz '2026-11-02 12:04:57+00', 'so that the hang-up lands before the paid time does');
select results_eq(
    format('select payload, run_at from private.effects where org_id = %L and kind = %L', :'org', 'vapi.end_call'),
    format($$ values (jsonb_build_object('org_id', %L, 'call_id', %L, 'control_url', 'https://control.example/1', 'call_sid', 'CA1', 'account', null), timestamptz '2026-11-02 12:04:57+00') $$, :'org', :'call'),
    'at once');
select is(private.keep_hold(:'org', :'call', '2026-11-02 12:05+00', '2026-11-02 12:04:58+00'), 'stale', 'once');
select is((tests.wallet(:'org')).capped_pence, 560::bigint, 'its cap counts until the provider says that it ended');
select is((tests.wallet(:'org')).held_pence, 280::bigint, 'and its hold until it is charged');

-- A top-up between the warning and the hang-up.
create function pg_temp.warned_call(p_org uuid) returns uuid language plpgsql as $$
begin
    perform private.reserve_call_credits(p_org, tests.call_of(p_org, 1), p_now => '2026-11-02 12:00+00');
    perform private.keep_hold(p_org, tests.call_of(p_org, 1), '2026-11-02 12:05+00', '2026-11-02 12:04:27+00');
    return tests.call_of(p_org, 1);
end
$$;
select tests.funded(280) as topped \gset
select pg_temp.warned_call(:'topped') as saved \gset
select private.add_credits(:'topped', 2500, 'topup', 'k', p_now => '2026-11-02 12:04:56+00');
select is(private.keep_hold(:'topped', :'saved', '2026-11-02 12:05+00', '2026-11-02 12:04:57+00'), 'renewed', 'a top-up in the last seconds renews instead');
select is((tests.bill(:'saved')).hold_ends_at, timestamptz '2026-11-02 12:10+00', 'for another five minutes');
select is((tests.bill(:'saved')).end_requested_at, null, 'the call goes on');
select is(tests.ordered(:'topped', 'vapi.end_call'), 0::bigint, 'and nobody hangs up');
select private.add_credits(:'topped', -2500, 'refund', 'r', p_now => '2026-11-02 12:06+00');
select is((tests.bill(:'saved')).reserved_pence, 280::bigint, 'when that money goes, so does what it paid for');

-- Another call's release in between does the same.
select tests.funded(600) as shared \gset
select tests.call_of(:'shared', 2) as first, tests.call_of(:'shared', 1) as kept \gset
select private.reserve_call_credits(:'shared', :'first', p_now => '2026-11-02 11:59+00');
select private.renew_call_reservation(:'first', '2026-11-02 11:59+00');
select private.add_credits(:'shared', 240, 'bonus', 'b', p_now => '2026-11-02 11:59+00');
select pg_temp.warned_call(:'shared');
select is((tests.bill(:'kept')).warned_for, timestamptz '2026-11-02 12:05+00', 'two calls hold all there is');
select private.release_reserved_credits(:'first', 'never connected', p_now => '2026-11-02 12:04:50+00');
select is(private.keep_hold(:'shared', :'kept', '2026-11-02 12:05+00', '2026-11-02 12:04:57+00'), 'renewed', 'what another call gives back renews, too');

-- Late, early, and out of turn.
select tests.funded(280) as late, tests.funded(5000) as plenty \gset
select private.reserve_call_credits(:'late', tests.call_of(:'late', 1), p_now => :'t');
select is(private.keep_hold(:'late', tests.call_of(:'late', 1), '2026-11-02 12:05+00', '2026-11-02 12:09+00'), 'ended', 'a deadline that was late ends at once, without a warning');
select is((tests.bill(tests.call_of(:'late', 1))).end_due_at, timestamptz '2026-11-02 12:04:57+00', 'and it shows how late');
select private.reserve_call_credits(:'plenty', tests.call_of(:'plenty', 1), p_now => :'t');
select is(private.keep_hold(:'plenty', tests.call_of(:'plenty', 1), '2026-11-02 12:05+00', '2026-11-02 12:09+00'), 'renewed', 'a call that can be renewed is not ended, however late it is');
select private.commit_reserved_credits(tests.call_of(:'plenty', 1), 60, 'report', p_now => '2026-11-02 12:09+00');
select is(private.keep_hold(:'plenty', tests.call_of(:'plenty', 1), '2026-11-02 12:10+00', '2026-11-02 12:09:27+00'), 'stale', 'a call that is settled needs no deadline');
select is((tests.wallet(:'plenty')).held_pence, 0::bigint, 'which takes nothing for it');
select is(private.keep_hold(:'plenty', gen_random_uuid(), :'t', :'t'), 'stale', 'nor does one that is not there');
select tests.throws_code(format('select private.keep_hold(gen_random_uuid(), gen_random_uuid(), %L, %L)', :'t', :'t'), 'organization_not_found', 'nor an organisation');

-- The deadline is an effect: nothing happens outside, what follows is the point.
select private.reserve_call_credits(:'plenty', tests.call_of(:'plenty', 2), p_now => '2026-11-02 13:00+00');
select private.hold_deadline_reached(tests.carried_out(:'plenty', 'billing.hold_deadline', '2026-11-02 13:04:27+00'), 'done', '{}');
select is((tests.bill(tests.call_of(:'plenty', 2))).renewals, 1, 'the deadline''s effect keeps the hold');
select private.hold_deadline_reached(tests.carried_out(:'plenty', 'billing.hold_deadline', '2026-11-02 13:09:27+00'), 'dead', null);
select is((tests.bill(tests.call_of(:'plenty', 2))).warned_for, timestamptz '2026-11-02 13:10+00', 'and does so even when it was given up');

select * from finish();
rollback;

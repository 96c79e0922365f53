begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(23);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(5000) as org \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'org', 2) as landline, tests.call_of(:'org', 3) as over \gset
select private.reserve_call_credits(:'org', tests.call_of(:'org', n), p_now => :'t') from generate_series(1, 3) n;
select private.note_call_line(:'call', 'vapi_1', 'https://control.example/1', 'CA1', :'t');
select private.note_call_line(:'landline', 'vapi_2', 'https://control.example/2', null, :'t');
delete from private.effects where org_id = :'org';

select private.end_call(tests.bill(:'call'), 'hold_exhausted', timestamptz :'t' - interval '1 s', :'t');
select results_eq(
    format('select end_requested_at, end_reason, end_due_at, end_issued_at, next_poll_at, cap_released_at from public.credit_reservations where call_id = %L', :'call'),
    format($$ values (timestamptz %1$L, 'hold_exhausted', timestamptz %1$L - interval '1 s', null::timestamptz, timestamptz %1$L + interval '30 s', null::timestamptz) $$, :'t'),
    'the order is on record; the call counts as under way, and in half a minute somebody asks');
select is(tests.ordered(:'org', 'vapi.end_call'), 1::bigint, 'Vapi is told');
select is((select payload from private.events where org_id = :'org' and kind = 'call.ended_for_money'), jsonb_build_object('call_id', :'call', 'reason', 'hold_exhausted'), 'the clinic''s screens hear why');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'and the operator');
select private.end_call(tests.bill(:'call'), 'wallet_empty', :'t', timestamptz :'t' + interval '1 s');
select is((tests.bill(:'call')).end_reason, 'hold_exhausted', 'a call is told to end once');
select is(tests.ordered(:'org', 'vapi.end_call'), 1::bigint, 'and ordered once');
select private.commit_reserved_credits(:'over', 60, 'report', p_now => :'t');
select private.end_call(tests.bill(:'over'), 'wallet_empty', :'t', :'t');
select is((tests.bill(:'over')).end_requested_at, null, 'a call that is over is not told to end');
select private.end_call(tests.bill(:'landline'), 'wallet_empty', :'t', timestamptz :'t' + interval '59 minutes');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'the operator has one line an hour of it');

-- Vapi first, the carrier second.
select tests.carried_out(:'org', 'vapi.end_call', timestamptz :'t' + interval '60 minutes') as second_order \gset
select to_jsonb(e) || jsonb_build_object('ended_at', timestamptz :'t' + interval '2 s', 'last_error', 'HTTP 503') as first_order
from private.effects e where e.org_id = :'org' and e.kind = 'vapi.end_call' and e.payload ->> 'call_id' = :'call' \gset
select private.end_call_answered(:'first_order', 'dead', null);
select results_eq(
    format('select payload, run_at from private.effects where org_id = %L and kind = %L', :'org', 'twilio.end_call'),
    format($$ values (jsonb_build_object('org_id', %L, 'call_id', %L, 'call_sid', 'CA1', 'account', null), timestamptz '2026-11-02 12:00:02+00') $$, :'org', :'call'),
    'when Vapi cannot end the call, Twilio is asked at once');
select is((tests.bill(:'call')).end_issued_at, null, 'it is not ended yet');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'nor lost');
select private.end_call_by_carrier_answered(tests.carried_out(:'org', 'twilio.end_call', timestamptz :'t' + interval '3 s'), 'done', '{}');
select is((tests.bill(:'call')).end_issued_at, timestamptz '2026-11-02 12:00:03+00', 'when the carrier took it is noted');
select private.end_call_answered(:'first_order', 'done', '{}');
select is((tests.bill(:'call')).end_issued_at, timestamptz '2026-11-02 12:00:03+00', 'once');
select private.end_call_by_carrier_answered(tests.carried_out(:'org', 'twilio.end_call', timestamptz :'t' + interval '4 s'), 'refused', null);
select results_eq(
    format('select payload ->> %L from private.effects where org_id = %L and kind = %L and payload ->> %L = %L', 'kind', :'org', 'slack.message', 'kind', 'call_not_ended'),
    $$ values ('call_not_ended') $$, 'when both failed the operator hears');
delete from private.alerts where org_id = :'org';
delete from private.effects where org_id = :'org' and kind in ('slack.message', 'twilio.end_call');
select private.end_call_answered(:'second_order'::jsonb || '{"last_error": "Vapi is away."}', 'refused', null);
select is(tests.ordered(:'org', 'twilio.end_call'), 0::bigint, 'without a carrier''s id there is no second path');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'and the operator hears at once');
select matches(payload ->> 'text', 'could not be ended: Vapi is away\. Its cap ', 'and why, in a sentence')
from private.effects where org_id = :'org' and kind = 'slack.message';
select private.end_call_answered(:'second_order', 'done', '{}');
select is((tests.bill(:'landline')).end_issued_at, timestamptz '2026-11-02 13:00+00', 'what Vapi took is noted');
select is((tests.bill(:'landline')).cap_released_at, null, 'an order taken is no end');

-- A call may be told to end before anybody knows how it is reached.
select private.reserve_call_credits(:'org', tests.call_of(:'org', 4), p_now => :'t');
select private.end_call(tests.bill(tests.call_of(:'org', 4)), 'wallet_empty', :'t', :'t');
select is(tests.carried_out(:'org', 'vapi.end_call', :'t') #>> '{payload,control_url}', null, 'the order names no line when none is known');
select private.note_call_line(tests.call_of(:'org', 4), 'vapi_4', 'https://control.example/4', null, timestamptz :'t' + interval '1 s');
select is(tests.carried_out(:'org', 'vapi.end_call', :'t') #>> '{payload,control_url}', 'https://control.example/4', 'it is given again as soon as there is one');
select is(tests.ordered(:'org', 'vapi.end_call'), 4::bigint, 'and only then');
select private.note_call_line(:'over', 'vapi_3', 'https://control.example/3', null, :'t');
select is(tests.ordered(:'org', 'vapi.end_call'), 4::bigint, 'for a call that is over there is nothing to order');

select * from finish();
rollback;

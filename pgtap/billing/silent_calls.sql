begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(29);
select timestamptz '2026-11-02 12:00+00' as t, tests.funded(5000) as org \gset
select tests.call_of(:'org', 1) as call, tests.call_of(:'org', 2) as nameless \gset
select private.reserve_call_credits(:'org', :'call', 600, 'vapi_1', :'t');
select private.reserve_call_credits(:'org', :'nameless', 120, null, :'t');
delete from private.effects where org_id = :'org';
create function pg_temp.polls(p_after interval) returns text language plpgsql as $$
declare
    v_org constant uuid := current_setting('tests.org')::uuid;
    v_at constant timestamptz := '2026-11-02 12:00+00'::timestamptz + p_after;
begin
    perform private.poll_silent_calls(v_org, v_at);
    return (select format('%s asked, next %s', r.polls, r.next_poll_at - v_at) from public.credit_reservations r where r.call_id = tests.call_of(v_org, 1));
end
$$;
select set_config('tests.org', :'org', true);

select is(pg_temp.polls('653 s'), '0 asked, next 00:00:01', 'nobody asks about a call before it could be over');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'an operator is told of one that nobody can ask about: the provider''s id is missing');
select is(pg_temp.polls('654 s'), '1 asked, next 00:01:00', 'a minute after its longest length the provider is asked');
select results_eq(format('select payload from private.effects where org_id = %L and kind = %L', :'org', 'vapi.poll_call'), format($$ values (jsonb_build_object('org_id', %L, 'call_id', %L, 'vapi_call_id', 'vapi_1')) $$, :'org', :'call'), 'about this call');
select is(pg_temp.polls('700 s'), '1 asked, next 00:00:14', 'not twice');
select is(pg_temp.polls('714 s'), '2 asked, next 00:02:00', 'then after a minute, two,');
select is(pg_temp.polls('834 s'), '3 asked, next 00:04:00', 'four,');
update public.credit_reservations set polls = 5 where call_id = :'call';
select is(pg_temp.polls('2000 s'), '6 asked, next 00:32:00', 'thirty-two,');
select is(pg_temp.polls('1 day'), '7 asked, next 01:00:00', 'and then every hour,');
update public.credit_reservations set polls = 1000000 where call_id = :'call';
select is(pg_temp.polls('10 days'), '1000001 asked, next 01:00:00', 'for as long as it takes');
select is((tests.wallet(:'org')).capped_pence, 672::bigint, 'the caps count all the time');
select is((tests.wallet(:'org')).balance_pence, 5000::bigint, 'silence costs nothing');

-- What the provider says.
create function pg_temp.answered(p_outcome text, p_result jsonb) returns text language plpgsql as $$
declare
    v_org constant uuid := current_setting('tests.org')::uuid;
begin
    perform private.call_polled(tests.carried_out(v_org, 'vapi.poll_call', '2026-11-20 12:00+00'), p_outcome, p_result);
    return (select format('%s %s, %s', r.status, r.committed_pence, coalesce(r.next_poll_at::text, 'asked no more'))
            from public.credit_reservations r where r.call_id = tests.call_of(v_org, 1));
end
$$;
update public.credit_reservations set polls = 3, next_poll_at = '2026-11-20 13:00+00' where call_id = :'call';
select is(pg_temp.answered('dead', null), 'active 0, 2026-11-20 13:00:00+00', 'no answer leaves everything as it is');
select is(pg_temp.answered('done', '{"status": "in-progress", "started_at": "2026-11-02T12:00:00Z"}'), 'active 0, 2026-11-20 13:00:00+00', 'nor does a call that is still under way');
select is(tests.ordered(:'org', 'vapi.end_call'), 0::bigint, 'which is not told to end for that');
delete from private.alerts where org_id = :'org';
delete from private.effects where org_id = :'org' and kind = 'slack.message';
select is(pg_temp.answered('done', '{"status": "not_found"}'), 'active 0, 2026-11-20 13:00:00+00', 'a call the provider does not know is not free either');
select is(tests.ordered(:'org', 'slack.message'), 1::bigint, 'an operator hears of it');
select private.end_call(tests.bill(:'call'), 'hold_exhausted', '2026-11-20 11:00+00', '2026-11-20 11:00+00');
update public.credit_reservations set next_poll_at = '2026-11-20 13:00+00' where call_id = :'call';
select is(pg_temp.answered('done', '{"status": "in-progress"}') || ' ' || tests.ordered(:'org', 'vapi.end_call'), 'active 0, 2026-11-20 13:00:00+00 2', 'one that lives though it was told to end is told again');
select is(pg_temp.answered('done', '{"status": "ended", "started_at": "2026-11-02T12:00:00Z", "ended_at": null}'), 'active 0, 2026-11-20 13:00:00+00', 'ended, nobody knows when: unknown is never zero, and is asked about no more often than before');
select is((tests.wallet(:'org')).capped_pence, 112::bigint, 'but its cap is free');
select is(pg_temp.answered('done', '{"status": "ended", "started_at": "2026-11-02T12:00:00.000Z", "ended_at": "2026-11-02T12:02:00.999Z"}'), 'committed 112, asked no more', 'ended: by the provider''s own clock, 120.999 seconds are 120');
select is(pg_temp.answered('done', '{"status": "in-progress"}') || ' ' || tests.ordered(:'org', 'vapi.end_call'), 'committed 112, asked no more 2', 'an answer that comes late orders nothing');
select is((private.commit_reserved_credits(:'call', 600, 'status', '2026-11-02 12:10+00', '2026-11-20 12:00+00')).charged_pence, 112::bigint, 'a poll is surer than a status');

select private.reserve_call_credits(:'org', tests.call_of(:'org', 3), 120, 'vapi_3', :'t');
select private.poll_silent_calls(:'org', timestamptz :'t' + interval '1 hour');
select private.call_polled(tests.carried_out(:'org', 'vapi.poll_call', '2026-11-20 12:00+00'), 'done', '{"status": "ended", "ended_at": "2026-11-02T12:01:00Z", "ended_reason": "customer-did-not-answer"}');
select is((tests.bill(tests.call_of(:'org', 3))).status, 'released', 'what ended without ever starting costs nothing');
select private.reserve_call_credits(:'org', tests.call_of(:'org', 4), 120, 'vapi_4', :'t');
select private.poll_silent_calls(:'org', timestamptz :'t' + interval '1 hour');
select private.call_polled(tests.carried_out(:'org', 'vapi.poll_call', '2026-11-20 12:00+00'), 'done', '{"status": "ended", "started_at": "2026-11-02T12:00:00Z", "ended_at": "2026-11-02T12:01:00Z", "ended_reason": "call.in-progress.error-vapifault-x"}');
select is((tests.bill(tests.call_of(:'org', 4))).committed_pence, 56::bigint, 'what failed after connecting is charged like any other');

select private.reserve_call_credits(:'org', tests.call_of(:'org', 5), 120, 'vapi_5', :'t');
select private.release_reserved_credits(tests.call_of(:'org', 5), 'not created', 'release', :'t');
select is((tests.bill(tests.call_of(:'org', 5))).next_poll_at, null, 'a call that never began is not asked about');
select private.commit_reserved_credits(tests.call_of(:'org', 5), null, 'status', '2026-11-02 12:02+00', '2026-11-02 12:02:01+00');
select is((tests.bill(tests.call_of(:'org', 5))).next_poll_at, timestamptz '2026-11-02 12:02:31+00', 'unless it is said to have ended: then it did begin, and is given away by nobody');
select private.commit_reserved_credits(tests.call_of(:'org', 5), 60, 'poll', '2026-11-02 12:02+00', '2026-11-02 12:03+00');
select is(tests.bill(tests.call_of(:'org', 5))::text ~ 'committed' and (tests.bill(tests.call_of(:'org', 5))).next_poll_at is null, true, 'once its length is known it is charged, and asked about no more');
select is((tests.bill(:'nameless')).cap_released_at, null, 'and the call nobody can ask about is not forgotten');

select * from finish();
rollback;

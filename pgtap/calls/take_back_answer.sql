-- Who was told that we are sorry was not let in, whatever was decided behind it: no call runs on money that nobody asked for.
begin;
select plan(17);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
create function pg_temp.inbox(p_call text) returns private.webhook_inbox language sql as $$
    select w.* from private.webhook_inbox w where w.provider = 'vapi' and w.event_id like p_call || ':%';
$$;
create function pg_temp.kept(p_type text, p_call text, p_more jsonb default '{}') returns uuid language sql as $$
    select k.id from private.ingest_vapi_message('{}', convert_to(jsonb_build_object(
        'message', tests.vapi_message(p_type, p_call, p_more))::text, 'UTF8'), tests.now()) as k;
$$;
create function pg_temp.sorry() returns jsonb language sql as $$ select '{"error": "I am sorry."}'::jsonb; $$;

select tests.hear_vapi(tests.vapi_message('assistant-request', 'c1'), tests.now()) as let_in \gset
select is(private.take_back_answer((pg_temp.inbox('c1')).id, pg_temp.sorry(), tests.now()), true,
    'a call was let in by an answer that nobody heard');
select results_eq(
    $$ select held_pence, capped_pence, balance_pence from public.credit_wallets where org_id = (select id from o) $$,
    $$ select 0::bigint, 0::bigint, balance_pence from public.credit_wallets where org_id = (select id from o) $$,
    'it is let go: nothing is held, nothing capped');
select is((select count(*) from public.credit_transactions where org_id = (select id from o) and call_id is not null), 0::bigint,
    'and nothing charged');
select results_eq($$ select admitted, refused_because from private.call_records where org_id = (select id from o) $$,
    $$ values (false, 'not_answered_in_time') $$, 'the record says why');
select is((select status from public.calls where vapi_call_id = 'c1'), 'failed', 'the call is on record as one that failed');
select results_eq($$ select state, answer from pg_temp.inbox('c1') $$, $$ values ('processed', pg_temp.sorry()) $$,
    'what the caller was told stands in the place of the answer');
select is(tests.hear_vapi(tests.vapi_message('assistant-request', 'c1'), tests.now()), pg_temp.sorry(),
    'and whoever asks again is told the same');
select is(private.take_back_answer((pg_temp.inbox('c1')).id, pg_temp.sorry(), tests.now()), false, 'once is enough');

select tests.hear_vapi(tests.vapi_message('end-of-call-report', 'c1', '{"startedAt": "2026-03-02T10:00:00Z",
    "endedAt": "2026-03-02T10:01:00Z", "durationSeconds": 60, "endedReason": "customer-ended-call"}'), tests.now());
select is((select -sum(amount_pence) from public.credit_transactions where org_id = (select id from o)
           and call_id = (select id from public.calls where vapi_call_id = 'c1')),
    (select pence_per_minute::numeric from private.current_rate(tests.now())), 'a call that ran all the same is charged for');

select pg_temp.kept('assistant-request', 'c2') as waiting \gset
select is(private.take_back_answer(:'waiting', pg_temp.sorry(), tests.now()), false,
    'a question that nothing was made of yet let nobody in');
select is(private.answer_webhook(:'waiting', tests.now()), pg_temp.sorry(), 'nor will it');
select is((select count(*) from public.credit_reservations where vapi_call_id = 'c2'), 0::bigint, 'nothing is held for it');

select pg_temp.kept('tool-calls', 'c3', '{"toolCallList": [{"id": "t1", "function": {"name": "takeMessage", "arguments":
    {"message": "Please ring me back"}}}]}') as wanted \gset
select is(private.process_webhook(:'wanted', tests.now() + interval '9 seconds'), 'processed',
    'what an agent wanted done so long ago that nobody waits for it');
select is((select count(*) from private.tool_runs where org_id = (select id from o)), 0::bigint,
    'is not done behind the caller''s back');

select is((select count(*) from private.alerts where kind = 'line_not_answered' and coalesce(org_id, (select id from o)) = (select id from o)), 2::bigint,
    'the operator hears of each organisation, and of what is nobody''s yet');
select is(tests.hear_vapi(tests.vapi_message('assistant-request', 'c4'), tests.now()) ? 'assistantId', true,
    'the next call is let in as if nothing had been');
select tests.throws_code($$ select private.take_back_answer('00000000-0000-0000-0000-000000000000', '{}') $$, 'webhook_not_found');

select * from finish();
rollback;

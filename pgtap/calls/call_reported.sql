-- A report settles a call by the provider's own clock and makes its record, whatever else was heard, and in any order.
begin;
select plan(22);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
create function pg_temp.report(p_call text, p_more jsonb) returns void
language sql as $$
    select tests.hear_vapi(tests.vapi_message('end-of-call-report', p_call,
        '{"endedReason": "customer-ended-call", "timestamp": 1772446000000}' || p_more), tests.now() + interval '5 minutes');
$$;
create function pg_temp.cost(p_call text) returns bigint
language sql as $$ select c.cost_cents from public.calls c where c.vapi_call_id = p_call; $$;

select is(private.reported_seconds('{"startedAt": "2026-03-02T10:00:01.900Z", "endedAt": "2026-03-02T10:01:02.100Z"}'), 60::bigint,
    'the length is the whole seconds between start and end');
select is(private.reported_seconds('{"durationSeconds": 59.99}'), 59::bigint, 'or what the report says it was');
select is(private.reported_seconds('{"durationMs": 1999}'), 1::bigint, 'in either unit');
select is(private.reported_seconds('{"durationSeconds": "long", "startedAt": 5}'), null, 'nonsense says nothing');
select is(private.reported_seconds('{"endedReason": "customer-did-not-answer"}'), 0::bigint, 'nobody answered: no time at all');
select is(private.reported_seconds('{"endedReason": "customer-ended-call"}'), null, 'unknown is never zero');
select is(private.reported_seconds('{"startedAt": "2026-03-02T10:00:05Z", "endedAt": "2026-03-02T10:00:01Z"}'), 0::bigint,
    'a clock that ran backwards charges nothing');

select is(private.reported_seconds('{"startedAt": "2020-03-02T10:00:05Z", "endedAt": "2026-03-02T10:00:01Z"}'), null,
    'neither does one that ran for years');

select tests.let_in('c1', tests.now());
select pg_temp.report('c1', '{"startedAt": "2026-03-02T10:00:05Z", "endedAt": "2026-03-02T10:02:05Z", "cost": 0.11}');
select results_eq($$ select status, started_at, ended_at, duration_seconds, cost_cents, provider_cost, ended_reason
       from public.calls where vapi_call_id = 'c1' $$,
    $$ values ('completed', '2026-03-02 10:00:05+00'::timestamptz, '2026-03-02 10:02:05+00'::timestamptz, 120, 112::bigint,
              0.11::numeric, 'customer-ended-call') $$, 'two minutes cost 112 pence, and the record says so');
select results_eq($$ select balance_pence, held_pence, capped_pence from public.credit_wallets where org_id = (select id from o) $$,
    $$ values (2388::bigint, 0::bigint, 0::bigint) $$, 'nothing is held for it any more');

select pg_temp.report('c1', '{"startedAt": "2026-03-02T10:00:05Z", "endedAt": "2026-03-02T10:03:05Z"}');
select is(pg_temp.cost('c1'), 168::bigint, 'a later report corrects the charge');
select is((select duration_seconds from public.calls where vapi_call_id = 'c1'), 180, 'and the record');
select pg_temp.report('c1', '{"startedAt": "2026-03-02T10:00:05Z", "endedAt": "2026-03-02T10:01:05Z"}');
select is(pg_temp.cost('c1'), 168::bigint, 'a lesser one changes nothing');
select is((select duration_seconds from public.calls where vapi_call_id = 'c1'), 180, 'in either');

select pg_temp.report('c2', '{"startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-02T10:01:00Z"}');
select is(pg_temp.cost('c2'), 56::bigint, 'a call that nobody held for is charged all the same');
select is(tests.hear_vapi(tests.vapi_message('assistant-request', 'c2'), tests.now()) ? 'error', true,
    'and let in no more when the question comes late');
select is((select status from public.calls where vapi_call_id = 'c2'), 'completed', 'which does not change its record');

select tests.let_in('c3', tests.now());
select pg_temp.report('c3', '{}');
select is((select held_pence > 0 from public.credit_wallets where org_id = (select id from o)), true,
    'a report without a length leaves the hold');
select tests.hear_vapi(tests.vapi_message('status-update', 'c3', jsonb_build_object(
    'status', 'in-progress', 'timestamp', 1772446000000 - 61000)), tests.now() + interval '6 minutes');
select is(pg_temp.cost('c3'), private.charge_pence(61, 56), 'until the beginning is heard of');

select is((select started_at from public.calls where vapi_call_id = 'c3'), to_timestamp(1772446000 - 61),
    'which its record takes over');

select is((select count(*) from public.leads where call_id = (select id from public.calls where vapi_call_id = 'c1')), 1::bigint,
    'three reports make one lead');
select is((select count(*) from private.events where kind = 'call.ended' and payload ->> 'call_id' =
    (select id::text from public.calls where vapi_call_id = 'c1')), 1::bigint, 'and it ends once');

select * from finish();
rollback;

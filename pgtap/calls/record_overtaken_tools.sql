-- A booking whose call's report overtook it is in the record all the same.
begin;
select plan(9);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
insert into public.opening_hours (org_id, weekday, opens, closes) select (select id from o), d, '08:00', '18:00' from generate_series(1, 7) as d;
select tests.hear_vapi(tests.vapi_message('assistant-request', 'c1'), tests.now()) as let_in \gset
select tests.hear_vapi(tests.vapi_message('end-of-call-report', 'c1', '{"startedAt": "2026-03-02T09:58:00Z",
    "endedAt": "2026-03-02T10:00:00Z", "endedReason": "customer-ended-call", "transcript": "User: Tuesday at ten, please."}'),
    tests.now()) as told \gset
select results_eq($$ select status, booking_confirmed, tools_used from public.calls where vapi_call_id = 'c1' $$,
    $$ values ('completed', false, array[]::text[]) $$, 'the report is there first');

select tests.hear_vapi(tests.vapi_message('tool-calls', 'c1', '{"toolCallList": [{"id": "t1", "function":
    {"name": "bookClinicAppointment", "arguments": {"date": "2026-03-03", "time": "10:00", "name": "Ann Lee"}}}]}'), tests.now())
    as booked \gset
select results_eq(
    $$ select booking_confirmed, 'bookClinicAppointment' = any (tools_used), appointment_id is not null, outcome ~ 'booked for Tuesday'
       from public.calls where vapi_call_id = 'c1' $$,
    $$ values (true, true, true, true) $$, 'what was booked meanwhile is in the record');
select is((select stage from public.leads where org_id = (select id from o)), 'booked', 'the lead is one that booked');
select is((select -sum(amount_pence)::bigint from public.credit_transactions where org_id = (select id from o) and call_id is not null),
    112::bigint, 'and no money moves by it');

select tests.hear_vapi(tests.vapi_message('assistant-request', 'c2'), tests.now()) as let_in \gset
select tests.hear_vapi(tests.vapi_message('tool-calls', 'c2', '{"toolCallList": [{"id": "t2", "function":
    {"name": "takeMessage", "arguments": {"message": "Please ring me back"}}}]}'), tests.now()) as taken \gset
select is((select rank from private.call_records where call_id = (select id from public.calls where vapi_call_id = 'c2')), null,
    'a call that goes on has no record yet');
select is((select status from public.calls where vapi_call_id = 'c2'), 'pending', 'and gets none by a tool');

-- By itself.
insert into private.tool_runs (org_id, call_id, tool_call_id, tool_name, arguments, result, ok)
select c.org_id, c.id, 't9', 'endCall', '{}', 'Goodbye.', true from public.calls c;
select private.record_overtaken_tools(c, tests.now() + interval '1 hour') from public.calls c \g /dev/null
select is((select 'endCall' = any (tools_used) from public.calls where vapi_call_id = 'c1'), true, 'what ran meanwhile is among the tools of a call that has a record');
select is((select updated_at from public.calls where vapi_call_id = 'c1'), tests.now() + interval '1 hour', 'which is written anew');
select is((select 'endCall' = any (tools_used) from public.calls where vapi_call_id = 'c2'), false, 'one that has none is left to its report');

select * from finish();
rollback;

-- A call that rings is let in once, with an assistant and a longest length, or its caller hears why not.
begin;
select plan(27);

select tests.freeze_time('2026-03-02 10:00+00');
create temporary table o as select tests.answering() as id;
create temporary table a as select tests.hear_vapi(tests.vapi_message('assistant-request', 'c1'), tests.now()) as answer;

select is(answer ->> 'assistantId', (select vapi_assistant_id from public.agents where org_id = (select id from o)),
    'the agent the number is for answers') from a;
select is((answer #>> '{assistantOverrides,maxDurationSeconds}')::integer, 594,
    'ten minutes at most, less what the provider may be late by') from a;
select is(answer #>> '{assistantOverrides,variableValues,clinic_name}', 'Clinic', 'it knows whose assistant it is') from a;
select is(answer #>> '{assistantOverrides,variableValues,today}', '2026-03-02', 'and what day it is') from a;

select results_eq(
    $$ select c.id::text, c.status, c.call_direction, c.from_number, c.to_number, c.phone_number, c.vapi_call_id, c.created_at
       from public.calls c where c.org_id = (select id from o) $$,
    $$ select answer #>> '{assistantOverrides,metadata,call_id}', 'pending', 'inbound', '+447700900123', '+442071230001',
              '+447700900123', 'c1', tests.now() from a $$,
    'the call is on record under the id the assistant was given');
select is((select p.phone from public.calls c join public.contacts p on p.org_id = c.org_id and p.id = c.contact_id
           where c.org_id = (select id from o)), '+447700900123', 'with who calls');
select results_eq($$ select held_pence, capped_pence from public.credit_wallets where org_id = (select id from o) $$,
    $$ values (280::bigint, 560::bigint) $$, 'it is held for');
select results_eq($$ select control_url, call_sid from private.call_lines where org_id = (select id from o) $$,
    $$ values ('https://control.example/c1', 'CA' || md5('c1')) $$, 'and can be reached');
select is((select admitted from private.call_records where org_id = (select id from o)), true, 'that it was let in is kept');
select is((select count(*) from private.events where org_id = (select id from o) and kind = 'call.started'), 1::bigint,
    'screens hear that it rings');

select is(tests.hear_vapi(tests.vapi_message('assistant-request', 'c1'), tests.now()), (select answer from a),
    'asked again, the answer is the same');
select is((select held_pence from public.credit_wallets where org_id = (select id from o)), 280::bigint, 'and nothing is held twice');

select matches(tests.hear_vapi(tests.vapi_message('assistant-request', 'c2', '{}', '+442071239999'), tests.now()) ->> 'error',
    '^\S.*\.$', 'a number that is nobody''s answers with a sentence');
select is((select count(*) from public.calls where vapi_call_id = 'c2'), 0::bigint, 'and makes no call of anybody''s');

create temporary table poor as select tests.answering('+442071230002', 50) as id;
select matches(tests.hear_vapi(tests.vapi_message('assistant-request', 'c3', '{}', '+442071230002'), tests.now()) ->> 'error',
    'sorry', 'without money the caller hears a polite sentence');
select results_eq($$ select reason from public.call_refusals where org_id = (select id from poor) $$,
    $$ values ('insufficient_balance') $$, 'the refusal and its reason are kept');
select is((select status from public.calls where vapi_call_id = 'c3'), 'failed', 'the call is on record as one that failed');

create temporary table idle as select tests.answering('+442071230003') as id;
update public.agents set is_active = false where org_id = (select id from idle);
select matches(tests.hear_vapi(tests.vapi_message('assistant-request', 'c4', '{}', '+442071230003'), tests.now()) ->> 'error',
    'sorry', 'without an agent that is active the caller hears a sentence');
select is((select reason from public.call_refusals where org_id = (select id from idle)), 'no_agent', 'and the clinic is told why');
select is((select held_pence from public.credit_wallets where org_id = (select id from idle)), 0::bigint, 'nothing is held');

select is(
    (private.admit_call(tests.vapi_message('assistant-request', 'c5'), tests.now() - interval '9 seconds', tests.now())).answer ->> 'error'
        is not null, true, 'nobody waits for an answer that late');
select is((select count(*) from public.credit_reservations where vapi_call_id = 'c5'), 0::bigint,
    'so the call is not let in');

select is(tests.hear_vapi('{"type": "assistant-request", "call": {}}', tests.now()) ->> 'error' is not null, true,
    'a call without an id is not let in');
select is(tests.hear_vapi(
    tests.vapi_message('assistant-request', 'c6', jsonb_build_object('customer', jsonb_build_object('number', 'anonymous'))),
    tests.now()) ? 'assistantId', true, 'a caller who withholds the number is let in');
select is((select contact_id from public.calls where vapi_call_id = 'c6'), null, 'but is nobody''s contact');

update public.credit_wallets set max_concurrent_calls = 2 where org_id = (select id from o);
select matches(tests.hear_vapi(tests.vapi_message('assistant-request', 'c7'), tests.now()) ->> 'error', 'lines are busy',
    'as many calls at once as the limit allows');
select is((select org_id from private.directory where kind = 'vapi_call' and key = 'c1'), (select id from o),
    'a call is its organisation''s for ever');

select * from finish();
rollback;

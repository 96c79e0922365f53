-- A caller is put through, on record and once; where nobody can be rung a message is offered.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(28);

select tests.org() as org \gset
select tests.in_call(:'org') as call, tests.in_call(:'org', 'vapi-2', '+447700900200', 'de') as second \gset
update public.agents set transfer_number = '+442079460100' where org_id = :'org';
insert into public.escalation_rules (org_id, name, priority, trigger, keywords, transfer_to) values (:'org', 'Complaints', 1, 'keyword', '{complaint}', '+442079460101');
create function pg_temp.transfers(p_call uuid) returns jsonb language sql as $$
    select coalesce(jsonb_agg(e.payload - 'org_id' - 'call_id' order by e.id), '[]') from private.effects e where e.kind = 'vapi.transfer' and e.payload ->> 'call_id' = p_call::text $$;

select is(tests.told(:'call', 'transferCall', '{"reason": "Wants a person", "urgency": "low"}'), 'I am putting you through now. One moment, please.', 'a caller who wants a person is put through');
select is(pg_temp.transfers(:'call'), '[{"control_url": "https://control.example/vapi-1", "number": "+442079460100", "text": "I am putting you through now. One moment, please."}]', 'by the control URL');
select is((select priority::integer from private.effects where org_id = :'org' and kind = 'vapi.transfer'), 10, 'before anything else');
select results_eq(format($$ select transfer_to, transfer_time, transfer_reason from public.calls where id = %L $$, :'call'),
    $$ values ('+442079460100', '2026-07-01 09:00+00'::timestamptz, 'Wants a person') $$, 'and on record');
select is((select payload ->> 'to' from private.events where org_id = :'org' and kind = 'call.transferred'), '+442079460100', 'screens hear of it');
select is(tests.told(:'call', 'transferCall', '{"reason": "Again"}', null, '2026-07-01 09:00:30+00'), 'I am putting you through now. One moment, please.', 'asked again within a minute');
select is(jsonb_array_length(pg_temp.transfers(:'call')), 1, 'they are put through once');
select is(tests.told(:'call', 'transferCall', '{"reason": "Nobody answered"}', null, '2026-07-01 09:02+00'), 'I am putting you through now. One moment, please.', 'asked again later');
select is(jsonb_array_length(pg_temp.transfers(:'call')), 2, 'they are put through again');

-- Rules.
select is(private.run_tools(c, '{"toolCallList": [{"id": "t", "name": "transferCall", "arguments": {"reason": "Needs help"}}],
        "artifact": {"messages": [{"role": "bot", "message": "Hello"}, {"role": "user", "message": "I have a complaint about my bill"}]}}', '2026-07-01 09:05+00') #>> '{results,0,result}',
    'Ich verbinde Sie. Einen Moment, bitte.', 'what the caller said counts, in the agent''s language')
from public.calls c where c.id = :'second';
select is(pg_temp.transfers(:'second') #>> '{0,number}', '+442079460101', 'by the rule that it meets');
select is((select transfer_reason from public.calls where id = :'second'), 'Complaints: Needs help', 'whose name is on record');
select is((select arguments from private.tool_runs where call_id = :'second'), '{"reason": "Needs help"}', 'what was said in the call is not kept with the tool');

-- It fails.
select tests.answered(:'org', 'vapi.transfer', null, 'refused', '2026-07-01 09:06+00') as failed \gset
select is((select transfer_to from public.calls where id = :'second'), null, 'one that failed is no transfer');
select results_eq(format($$ select payload ->> 'text', payload ->> 'control_url' from private.effects where kind = 'vapi.say' and payload ->> 'call_id' = %L $$, :'second'),
    $$ values ('Es tut mir leid, ich konnte Sie nicht verbinden. Was darf ich der Praxis ausrichten?', 'https://control.example/vapi-2') $$, 'and the caller is told');
select is(tests.told(:'second', 'transferCall', '{"reason": "complaint"}', null, '2026-07-01 09:06:10+00'), 'Ich verbinde Sie. Einen Moment, bitte.', 'they can be put through again');
select tests.answered(:'org', 'vapi.transfer', '{}', 'done', '2026-07-01 09:06:20+00') as done \gset
select is((select transfer_to from public.calls where id = :'second'), '+442079460101', 'one that worked stays');
select is((select count(*) from private.effects where kind = 'vapi.say' and payload ->> 'call_id' = :'second'), 1::bigint, 'without a word');

-- Nobody can be rung.
update public.agents set transfer_number = '+442079460018', voicemail_message = E'Please leave\na message.' where org_id = :'org';
select is(tests.told(:'call', 'transferCall', '{"reason": "x"}', null, '2026-07-01 10:00+00'), 'Nobody can take your call at the moment. What message may I give the clinic?', 'with no number to ring, a message is offered');
select is(jsonb_array_length(pg_temp.transfers(:'call')), 2, 'and nobody is rung');
update public.escalation_rules set transfer_to = null, fallback = 'voicemail' where org_id = :'org';
select is(tests.told(:'call', 'transferCall', '{"reason": "a complaint"}', null, '2026-07-01 10:00+00'), 'Please leave a message.', 'in the agent''s own words where the rule says so');
update public.agents set transfer_number = '+442079460100' where org_id = :'org';
delete from private.call_lines where call_id = :'call';
select is(tests.told(:'call', 'transferCall', '{"reason": "x"}', null, '2026-07-01 11:00+00'), 'Nobody can take your call at the moment. What message may I give the clinic?', 'without a control URL a message is offered');
select isnt((select transfer_time from public.calls where id = :'call'), '2026-07-01 11:00+00'::timestamptz, 'and nothing is on record');

-- Asked by Vapi itself.
create function pg_temp.asked(p_call uuid, p_more jsonb default '{}') returns jsonb language sql as $$
    select private.transfer_answer(c, '{"type": "transfer-destination-request", "call": {"id": "vapi-2"}}'::jsonb || p_more, '2026-07-01 12:00+00') from public.calls c where c.id = p_call $$;
select is(pg_temp.asked(:'call'), '{"destination": {"type": "number", "number": "+442079460100"}, "message": {"type": "request-start", "message": "I am putting you through now. One moment, please."}}', 'Vapi is told where to');
select is((select transfer_time from public.calls where id = :'call'), '2026-07-01 12:00+00'::timestamptz, 'on record as well');
select is(pg_temp.asked(:'second', '{"messages": [{"role": "user", "content": "A complaint!"}]}'), '{"error": "Please leave a message."}', 'or what to say when nobody is rung');
select is(private.transfer_answer(null, '{"call": {"id": "who"}}', '2026-07-01 12:00+00'), jsonb_build_object('error', private.say('refused', 'en')), 'nobody''s call is refused');
select is((select count(*) from public.security_audit_log where kind = 'tool_call_refused' and details ->> 'vapi_call_id' = 'who' and details ->> 'asked' = 'transfer-destination-request'), 1::bigint, 'and that is on record');

select * from finish();
rollback;

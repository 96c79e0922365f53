-- Every tool call gets one line, whatever becomes of it, once; nothing of another organisation is touched or told.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(54);

select tests.org() as org, tests.org('Other') as other \gset
select tests.in_call(:'org') as call, tests.in_call(:'other', 'vapi-2', '+447700900999') as their_call \gset
select private.save_knowledge_text(:'org', 'Parking', 'There are six spaces behind the building.') as entry \gset
insert into public.contacts (org_id, phone) values (:'other', '+447700900999') returning id as their_contact \gset
insert into public.practitioners (org_id, name) values (:'other', 'Dr Who') returning id as their_practitioner \gset
select tests.booked(:'other', '2026-08-04 13:30+00', :'their_contact') as their_appointment \gset
select id as their_service from public.services where org_id = :'other' limit 1 \gset
create function pg_temp.asked(p_call uuid, p_message jsonb) returns jsonb language sql as $$
    select private.run_tools(c, p_message, '2026-07-01 09:00+00') from public.calls c where c.id = p_call $$;
create function pg_temp.listed(variadic p_calls jsonb[]) returns jsonb language sql as $$ select jsonb_build_object('toolCallList', to_jsonb(p_calls)) $$;

-- One each.
select is(pg_temp.asked(:'call', pg_temp.listed(
        '{"id": "a", "name": "queryKnowledgeBase", "arguments": {"query": "parking"}}', '{"id": "b", "name": "fly"}', '{"id": "c", "name": "checkAvailability", "arguments": "nonsense"}')),
    jsonb_build_object('results', jsonb_build_array(
        jsonb_build_object('toolCallId', 'a', 'name', 'queryKnowledgeBase', 'result', 'Parking: There are six spaces behind the building.'),
        jsonb_build_object('toolCallId', 'b', 'name', 'fly', 'result', private.say('not_available', 'en')),
        jsonb_build_object('toolCallId', 'c', 'name', 'checkAvailability',
            'result', 'The nearest free times are Wednesday the 1st of July at 10:15 am, 10:30 am or 10:45 am. Would one of those suit you?'))),
    'each is answered under its id, in their order');
select is(pg_temp.asked(:'call', '{}'), '{"results": []}', 'a message without any is answered with none');
select results_eq(format($$ select tool_call_id, tool_name, ok from private.tool_runs where call_id = %L order by 1 $$, :'call'),
    $$ values ('a', 'queryKnowledgeBase', true), ('b', 'fly', false), ('c', 'checkAvailability', true) $$, 'and on record');
select is(jsonb_path_query_array(pg_temp.asked(:'call', pg_temp.listed('{"id": "", "name": "fly"}')), '$.results[*].result'),
    jsonb_build_array(private.say('not_available', 'en')), 'one without an id is answered');

-- Once.
update private.tool_runs set result = 'As before.' where org_id = :'org' and tool_call_id = 'a';
select is(tests.told(:'call', 'queryKnowledgeBase', '{"query": "parking"}', 'a'), 'As before.', 'asked again under its id, it is told the same');
select is(tests.told(:'call', 'takeMessage', '{"message": "Hello"}', 'm'), private.say('message_taken', 'en'), 'a message is taken');
select is(tests.told(:'call', 'takeMessage', '{"message": "Something else"}', 'm'), private.say('message_taken', 'en'), 'asked again under its id');
select is((select array_agg(content) from public.messages where call_id = :'call'), array['Hello'], 'nothing is done twice');
select is(tests.told(:'their_call', 'queryKnowledgeBase', '{"query": "parking"}', 'a'), private.say('knowledge_none', 'en'), 'another call''s id of the same name is another''s');

-- Turned off.
insert into public.org_tools (org_id, tool_name, enabled) values (:'org', 'takeMessage', false), (:'org', 'endCall', true), (:'other', 'endCall', false);
select is(tests.told(:'call', 'takeMessage', '{"message": "No"}'), private.say('not_available', 'en'), 'a tool that is turned off is not used');
select is(tests.told(:'call', 'endCall'), private.say('goodbye', 'en'), 'one that is not turned off is');
select is((select count(*) from public.messages where call_id = :'call'), 1::bigint, 'nothing was taken');
delete from public.org_tools where org_id = :'org';

-- One that fails.
alter table public.knowledge_gaps add constraint broken check (question <> 'boom');
select is(jsonb_path_query_array(pg_temp.asked(:'call', pg_temp.listed(
        '{"id": "f1", "name": "takeMessage", "arguments": {"message": "Before"}}', '{"id": "f2", "name": "queryKnowledgeBase", "arguments": {"query": "boom"}}',
        '{"id": "f3", "name": "takeMessage", "arguments": {"message": "After"}}')), '$.results[*].result'),
    jsonb_build_array(private.say('message_taken', 'en'), private.say('apology', 'en'), private.say('message_taken', 'en')),
    'one that fails says so, and the others do their work');
select is((select array_agg(content order by content) from public.messages where call_id = :'call'), array['After', 'Before', 'Hello'], 'which stays');
select is((select ok from private.tool_runs where call_id = :'call' and tool_call_id = 'f2'), false, 'it is on record as failed');
select is((select count(*) from private.effects where org_id = :'org' and kind = 'slack.message' and payload ->> 'kind' = 'tool_failed:queryKnowledgeBase'), 1::bigint, 'and an operator hears of it');

-- A booking looks first.
select is(tests.told(:'call', 'bookClinicAppointment', '{"date": "2026-08-04", "time": "14:30", "name": "Ada"}', 'k'),
    'You are booked for Tuesday the 4th of August at 2:30 pm.', 'a booking in a call that looked at times is booked');
select is((select count(*) from private.tool_runs where call_id = :'call' and tool_name = 'checkAvailability'), 1::bigint, 'without looking again');
select tests.in_call(:'org', 'vapi-3', '+447700900333') as late_call \gset
select is(tests.told(:'late_call', 'bookClinicAppointment', '{"date": "2026-08-05", "time": "14:30", "name": "Bea"}', 'k'),
    'You are booked for Wednesday the 5th of August at 2:30 pm.', 'one that comes first is booked as well');
select results_eq(format($$ select tool_call_id, tool_name, result from private.tool_runs where call_id = %L and tool_name = 'checkAvailability' $$, :'late_call'),
    $$ values ('k:check', 'checkAvailability', 'Yes, Wednesday the 5th of August at 2:30 pm is free. Shall I book it?') $$, 'once the times were looked at');

-- Nobody's.
select is(private.run_tools(null, pg_temp.listed('{"id": "n", "name": "takeMessage", "arguments": {"message": "x"}}') || '{"call": {"id": "who"}}', '2026-07-01 09:00+00'),
    jsonb_build_object('results', jsonb_build_array(jsonb_build_object('toolCallId', 'n', 'name', 'takeMessage', 'result', private.say('refused', 'en')))),
    'a call that is nobody''s is refused');
select is((select count(*) from public.security_audit_log where org_id = '00000000-0000-0000-0000-000000000000' and kind = 'tool_call_refused' and details ->> 'vapi_call_id' = 'who'),
    1::bigint, 'and that is on record');

-- Others'.
create function pg_temp.refusals() returns bigint language sql as $$
    select count(*) from public.security_audit_log s join public.calls c on c.org_id = s.org_id and c.vapi_call_id = 'vapi-1' where s.kind = 'tool_call_refused' $$;
select is(tests.told(:'call', 'cancelAppointment', jsonb_build_object(k, v), 'o' || k), private.say('refused', 'en'), format('%s of another organisation', k))
from (values ('appointmentId', :'their_appointment'), ('contact_id', :'their_contact'), ('practitioner', :'their_practitioner'), ('serviceId', :'their_service'), ('callId', :'their_call'),
    ('org_id', :'other'), ('organisationId', 'mine'), ('anything', :'their_appointment'), ('slotId', gen_random_uuid()::text), ('vapi_call_id', 'vapi-2')) as v (k, v);
select is(tests.told(:'call', 'cancelAppointment', jsonb_build_object('where', jsonb_build_array(jsonb_build_object('ids', jsonb_build_array(:'their_appointment')))), 'deep'),
    private.say('refused', 'en'), 'however deep it stands');
select is(pg_temp.refusals(), 11::bigint, 'each is on record');
select is(tests.told(:'call', 'cancelAppointment', jsonb_build_object('appointmentId', :'their_appointment'), 'oappointmentId'), private.say('refused', 'en'), 'asked again it is refused again');
select is(pg_temp.refusals(), 11::bigint, 'and on record once');
select ok((select details from public.security_audit_log where org_id = :'org' and details ->> 'tool' = 'cancelAppointment' limit 1)
        @> jsonb_build_object('call_id', :'call'), 'with the call it came in');
select is((select status from public.appointments where id = :'their_appointment'), 'scheduled', 'nothing of theirs has changed');
select is(tests.told(:'call', 'queryKnowledgeBase', jsonb_build_object('query', 'parking', k, v)), 'Parking: There are six spaces behind the building.', format('its own %s is no harm', k))
from (values ('org_id', :'org'), ('callId', :'call'), ('vapiCallId', 'vapi-1'), ('contactId', (select id::text from public.contacts where org_id = :'org' limit 1)), ('clinic', 'Harbour Street'), ('callId', '')) as v (k, v);
select is(jsonb_path_query_array(pg_temp.asked(:'call', pg_temp.listed(('{"id": "x' || n || '", "name": "queryKnowledgeBase", "arguments": {"query": "parking"}}')::jsonb) || m::jsonb), '$.results[*].result'),
    jsonb_build_array(case when e then private.say('refused', 'en') else 'Parking: There are six spaces behind the building.' end), m)
from (values (1, format('{"call": {"metadata": {"call_id": "%s"}}}', :'their_call'), true), (2, format('{"call": {"assistantOverrides": {"metadata": {"org_id": "%s"}}}}', :'other'), true),
    (3, format('{"assistant": {"metadata": {"contact_id": "%s"}}}', :'their_contact'), true), (4, format('{"call": {"metadata": {"call_id": "%s"}}}', :'call'), false),
    (5, format('{"call": {"metadata": {"operation_id": "%s"}}}', gen_random_uuid()), false), (6, '{"call": {"metadata": "x"}}', false)) as v (n, m, e);
select is(pg_temp.refusals(), 14::bigint, 'metadata that names others'' is on record');
select is((select count(*) from public.security_audit_log where org_id = :'other' and kind = 'tool_call_refused'), 0::bigint, 'nothing of it stands at theirs');

-- Lines.
select is_empty(format($$ select tool_call_id from private.tool_runs where call_id in (%L, %L) and (result ~ '[[:cntrl:]]' or result = '' or length(result) > 2000) $$, :'call', :'late_call'), 'every answer is one line');
select is(tests.told(tests.in_call(:'org', 'vapi-4', '+447700900444', 'de-DE'), 'endCall'), 'Vielen Dank für Ihren Anruf. Auf Wiederhören.', 'in the agent''s language');

select * from finish();
rollback;

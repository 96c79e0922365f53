begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(34);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin \gset
delete from private.tool_registrations;
delete from public.tool_definitions;
insert into public.tool_definitions (name, description, parameters) values
    ('checkAvailability', 'Checks.', '{"type": "object", "properties": {}}'), ('bookClinicAppointment', 'Books.', '{"type": "object", "properties": {}}'),
    ('queryKnowledgeBase', 'Looks up.', '{"type": "object", "properties": {}}');
insert into private.tool_registrations (tool_name, definition_hash, vapi_tool_id, state)
select d.name, d.definition_hash, 'tool-' || d.name, 'registered' from public.tool_definitions d where d.name <> 'queryKnowledgeBase'
union all select 'checkAvailability', 'an old hash', 'tool-old', 'retired';
select tests.as_user(:'admin');
select (public.create_agent('{"name": "Desk", "direction": "inbound", "system_prompt": "You are Ada.", "first_message": "Hello.", "recording_consent_text": "We record.", "max_call_seconds": 90,
    "silence_timeout_seconds": 45, "temperature": 0.3, "voicemail_message": "Call back."}')).id as agent \gset
select tests.as_owner();
select private.assistant_wish(:'org', :'agent') as wish \gset
select :'wish'::jsonb -> 'assistant' as it \gset

select is(:'wish'::jsonb - array['assistant', 'bypassing'], jsonb_build_object(
    'name', 'voxanne:' || :'agent', 'version', 1, 'vapi_assistant_id', null, 'our_tools', '["tool-bookClinicAppointment", "tool-checkAvailability", "tool-old"]'::jsonb,
    'tools', '{"checkAvailability": "tool-checkAvailability", "bookClinicAppointment": "tool-bookClinicAppointment"}'::jsonb),
    'which assistant, of which version, with which tools: those of today that are registered');
select is(:'wish'::jsonb #> '{bypassing,kinds}', '["google.", "gohighlevel."]', 'tools that would go round the backend are named');
select is(:'it'::jsonb ->> 'firstMessage', 'We record. Hello.', 'that a call is recorded is said first');
select is(:'it'::jsonb ->> 'firstMessageMode', 'assistant-speaks-first', 'before anybody speaks');
select is((:'it'::jsonb #>> '{artifactPlan,recordingEnabled}')::boolean, true, 'it is recorded');
select is((:'it'::jsonb -> 'model') - 'messages', '{"provider": "openai", "model": "gpt-4.1-mini", "temperature": 0.30}', 'who says nothing of a model has the usual one');
select is(:'it'::jsonb -> 'voice', '{"provider": "vapi", "voiceId": "Clara", "version": 2}', 'and the usual voice');
select is(:'it'::jsonb -> 'transcriber', '{"provider": "deepgram", "model": "nova-3", "language": "en-GB"}', 'it listens in its language');
select is((:'it'::jsonb ->> 'maxDurationSeconds')::integer, 90, 'it speaks no longer than it may');
select is(:'it'::jsonb #> '{hooks,0,options}', '{"timeoutSeconds": 45, "triggerMaxCount": 1}', 'silence ends a call');
select is(:'it'::jsonb #>> '{hooks,0,do,0,tool,type}', 'endCall', 'by hanging up');
select is(:'it'::jsonb -> 'monitorPlan', '{"controlEnabled": true, "controlAuthenticationEnabled": false}', 'a call is always ours to end');
select is((:'it'::jsonb -> 'serverMessages') @> '["status-update", "end-of-call-report", "tool-calls", "transfer-destination-request", "hang"]', true, 'we are told what the record is made of');
select is(:'it'::jsonb -> 'metadata', jsonb_build_object('org_id', :'org', 'agent_id', :'agent'), 'whose it is');
select is(:'it'::jsonb ->> 'voicemailDetection', 'off', 'who answers listens for no machine');
select is(:'it'::jsonb ->> 'voicemailMessage', 'Call back.', 'a message for machines is told all the same');
select is((select array_agg(k order by k) from jsonb_object_keys(:'it'::jsonb #> '{analysisPlan,structuredDataPlan,schema,properties}') as k),
    array['caller_name', 'sentiment_label', 'sentiment_score', 'sentiment_summary', 'sentiment_urgency'], 'what is asked about each call');
select is(jsonb_array_length(:'it'::jsonb #> '{model,messages}'), 1, 'one prompt');
select matches(:'it'::jsonb #>> '{model,messages,0,content}', '^You are Ada\.\n\nSpeak English \(United Kingdom\)\.', 'which begins with what the clinic says');
select matches(:'it'::jsonb #>> '{model,messages,0,content}', 'Book with bookClinicAppointment only after checkAvailability', 'and says in what order tools are used');
select doesnt_match(:'it'::jsonb #>> '{model,messages,0,content}', 'queryKnowledgeBase', 'but nothing of tools that it has not');
select doesnt_match(:'wish'::text, 'credential', 'nobody''s keys are in it');

-- Another choice.
select tests.as_user(:'admin');
select (public.update_agent(:'agent', '{"voice_provider": "11labs", "voice_id": "sarah", "model_provider": "anthropic", "model": "claude-sonnet-4-6", "language": "de-AT", "recording_enabled": false,
    "first_message": null, "voicemail_message": null}')).version \gset
select (public.set_agent_tool('bookClinicAppointment', false)).status as unused \gset
select tests.as_owner();
select private.assistant_wish(:'org', :'agent') as wish \gset
select :'wish'::jsonb -> 'assistant' as it \gset
select is(:'wish'::jsonb ->> 'version', '2', 'a wish is of the version of the moment');
select is(:'it'::jsonb -> 'voice', '{"provider": "11labs", "voiceId": "sarah", "model": "eleven_turbo_v2_5"}', 'a voice comes with what its provider has to be told');
select is(:'it'::jsonb #>> '{model,provider}', 'anthropic', 'a model');
select is(:'it'::jsonb #>> '{transcriber,language}', 'de', 'Austrians are understood in German');
select is(:'it'::jsonb -> 'firstMessage', 'null'::jsonb, 'who is not recorded is told of no recording');
select is(:'it'::jsonb ->> 'firstMessageMode', 'assistant-speaks-first-with-model-generated-message', 'and with nothing to say, it thinks of something');
select is(:'it'::jsonb -> 'voicemailMessage', 'null'::jsonb, 'what was cleared is taken away at Vapi');
select is(:'wish'::jsonb -> 'tools', '{"checkAvailability": "tool-checkAvailability"}', 'a tool that is not used is not linked');
select doesnt_match(:'it'::jsonb #>> '{model,messages,0,content}', 'bookClinicAppointment', 'nor spoken of');

-- Who calls.
select tests.as_user(:'admin');
select (public.create_agent('{"name": "Caller", "direction": "outbound"}')).id as caller \gset
select tests.as_owner();
select is(private.assistant_wish(:'org', :'caller') #> '{assistant,voicemailDetection}', '{"provider": "vapi"}', 'who calls listens for machines');
select is(private.assistant_wish(:'other', :'agent'), null, 'nobody else wishes anything of an agent');
update public.agents a set silence_timeout_seconds = 3600 where a.id = :'caller';
select is(private.assistant_wish(:'org', :'caller') #> '{assistant,hooks,0,options,timeoutSeconds}', '1000', 'Vapi waits no longer than it can');

select * from finish();
rollback;

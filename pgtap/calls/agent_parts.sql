-- What an agent may be, what it is told to be, and what it is told of a call.
begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(52);

select tests.freeze_time('2026-03-02 10:00+00');
select tests.funded(5000) as org, tests.org() as other \gset
create function pg_temp.agent(p_values jsonb default '{}') returns public.agents language sql stable as $$
    select jsonb_populate_record(null::public.agents, '{"name": "Ada", "direction": "inbound", "language": "en-GB", "system_prompt": "", "business_hours": {}, "temperature": 0.7,
        "max_call_seconds": 600, "silence_timeout_seconds": 30, "is_active": true, "recording_enabled": true, "version": 1}' || p_values) $$;

-- As it is kept.
select is(to_jsonb(private.tidy_agent(pg_temp.agent('{"name": " Ada\n\tof the desk ", "first_message": " Hello.\r\n", "voicemail_message": "\n Ring us. ",
    "recording_consent_text": " Recorded. ", "transfer_number": "+442071230000", "vapi_phone_number_id": "p1", "system_prompt": " Be kind. "}'))),
    to_jsonb(pg_temp.agent('{"name": "Ada of the desk", "first_message": "Hello.", "voicemail_message": "Ring us.",
        "recording_consent_text": "Recorded.", "transfer_number": "+442071230000", "vapi_phone_number_id": "p1", "system_prompt": " Be kind. "}')),
    'a name is one line, and no sentence begins or ends with a blank');
select is(to_jsonb(private.tidy_agent(pg_temp.agent('{"name": " \n", "first_message": "\n", "voicemail_message": " \t ",
    "recording_consent_text": "", "transfer_number": "", "vapi_phone_number_id": ""}'))),
    to_jsonb(pg_temp.agent('{"name": ""}')), 'an empty sentence is none, and so is an empty number');
select is((private.tidy_agent(pg_temp.agent('{"name": null}'))).name, '', 'without a name it is empty, which no agent may be');

-- As it may be.
create function pg_temp.refused(p_values jsonb) returns text language plpgsql as $$
declare
    v_hint text;
    v_detail text;
begin
    perform private.check_agent(pg_temp.agent(p_values));
    return 'fine';
exception when others then
    get stacked diagnostics v_hint = pg_exception_hint, v_detail = pg_exception_detail;
    return concat_ws(' ', v_hint, v_detail::jsonb ->> 'field');
end $$;
insert into private.org_credentials (org_id, provider, type, phone_number, vapi_phone_id, is_active)
values (:'org', 'twilio', 'inbound', '+442071230001', 'p-in', true), (:'other', 'twilio', 'inbound', '+442071230002', 'p-other', true);
select is(pg_temp.refused(j), want, left(j::text, 70))
from (values
    ('{}'::jsonb, 'fine'), ('{"name": ""}', 'invalid_value name'), ('{"name": null}', 'invalid_value name'), (jsonb_build_object('name', repeat('x', 200)), 'fine'),
    (jsonb_build_object('name', repeat('x', 201)), 'invalid_value name'),
    ('{"direction": null}', 'invalid_value direction'), ('{"direction": "sideways"}', 'invalid_value direction'),
    (jsonb_build_object('system_prompt', repeat('x', 100001)), 'invalid_value system_prompt'),
    (jsonb_build_object('first_message', repeat('x', 2000)), 'fine'), (jsonb_build_object('first_message', repeat('x', 2001)), 'invalid_value first_message'),
    (jsonb_build_object('voicemail_message', repeat('x', 1000)), 'fine'), (jsonb_build_object('voicemail_message', repeat('x', 1001)), 'invalid_value voicemail_message'),
    (jsonb_build_object('recording_consent_text', repeat('x', 1001)), 'invalid_value recording_consent_text'),
    ('{"temperature": 0}', 'fine'), ('{"temperature": 2}', 'fine'), ('{"temperature": 2.01}', 'invalid_value temperature'), ('{"temperature": -0.01}', 'invalid_value temperature'),
    ('{"max_call_seconds": 10}', 'fine'), ('{"max_call_seconds": 9}', 'invalid_value max_call_seconds'), ('{"max_call_seconds": 43201}', 'invalid_value max_call_seconds'),
    ('{"silence_timeout_seconds": 9}', 'invalid_value silence_timeout_seconds'), ('{"silence_timeout_seconds": 1000}', 'fine'),
    ('{"silence_timeout_seconds": 1001}', 'invalid_value silence_timeout_seconds'),
    ('{"voice_provider": "vapi"}', 'invalid_value voice_id'), ('{"voice_id": "Elliot"}', 'invalid_value voice_id'),
    ('{"voice_provider": "vapi", "voice_id": "Elliot"}', 'fine'), ('{"voice_provider": "azure", "voice_id": "Elliot"}', 'voice_unknown'),
    ('{"model": "gpt-4.1"}', 'invalid_value model'), ('{"model_provider": "openai", "model": "gpt-4.1"}', 'fine'), ('{"model_provider": "openai", "model": "gpt-0"}', 'model_unknown'),
    ('{"language": "tlh"}', 'language_unknown'), ('{"language": null}', 'language_unknown'), ('{"business_hours": {"mon": "all day"}}', 'invalid_value business_hours'),
    ('{"transfer_number": "+442071230000"}', 'fine'), ('{"transfer_number": "020 7123 0000"}', 'phone_number_invalid'), ('{"transfer_number": "+449098790000"}', 'premium_number'),
    (jsonb_build_object('org_id', :'org', 'vapi_phone_number_id', 'p-in'), 'fine'),
    (jsonb_build_object('org_id', :'org', 'vapi_phone_number_id', 'p-in', 'direction', 'outbound'), 'agent_number_unknown'),
    (jsonb_build_object('org_id', :'org', 'vapi_phone_number_id', 'p-other'), 'agent_number_unknown')) as v (j, want);
delete from private.org_credentials where org_id in (:'org', :'other');

-- What it is told to be.
create function pg_temp.told(p_tools text, p_language text default null) returns text language sql stable as $$
    select string_agg(
        case when p.line ~ '^Speak' then substring(p.line from 'Speak [^.]+') when p.line ~ '^Whenever' then 'knowledge' when p.line ~ '^Offer' then 'times'
             when p.line ~ '^Tell' then 'tools' else p.line end, ' | ' order by p.n)
    from regexp_split_to_table(private.assistant_prompt(pg_temp.agent('{"system_prompt": "Be kind."}'), p_language, p_tools::jsonb), E'\n\n') with ordinality as p (line, n) $$;
select is(pg_temp.told(tools, language), want, concat_ws(' ', want, 'is what an agent is told that has', tools))
from (values ('{}', 'German', 'Be kind. | Speak German'), ('{}', null, 'Be kind. | Speak en-GB'), ('{"endCall": "t"}', 'French', 'Be kind. | Speak French | tools'),
             ('{"queryKnowledgeBase": "t"}', 'English', 'Be kind. | Speak English | knowledge | tools'),
             ('{"bookClinicAppointment": "t"}', 'English', 'Be kind. | Speak English | tools'),
             ('{"checkAvailability": "t", "bookClinicAppointment": "t", "queryKnowledgeBase": "t"}', 'English',
              'Be kind. | Speak English | knowledge | times | tools')) as v (tools, language, want);
select is(left(private.assistant_prompt(pg_temp.agent(), 'English', '{}'), 14), 'Speak English.', 'a clinic that says nothing leaves no gap');

-- What it is told of a call.
insert into public.contacts (org_id, first_name, phone) values (:'org', 'Ann', '+447700900123') returning id as contact \gset
select tests.rung(:'org', 'c', jsonb_build_object('contact_id', :'contact')) as call, tests.rung(:'org', 'w', '{"phone_number": null}') as withheld \gset
update public.organizations set name = 'Clinic Ltd', clinic_name = 'Harbour Clinic', timezone = 'America/New_York' where id = :'org';
select is((select private.call_variables(c, pg_temp.agent(), '2026-03-02 02:30+00') from public.calls c where c.id = :'call'),
    '{"caller_name": "Ann", "clinic_name": "Harbour Clinic", "agent_name": "Ada", "caller_number": "+447700900123", "time_zone": "America/New_York",
      "today": "2026-03-01", "now": "Sunday the 1st of March at 9:30 pm"}',
    'the clinic, the day and time there, and who calls');
update public.organizations set clinic_name = null where id = :'org';
select is((select private.call_variables(c, pg_temp.agent('{"language": "de-AT"}'), '2026-03-02 02:30+00') from public.calls c where c.id = :'withheld') - 'now',
    '{"clinic_name": "Clinic Ltd", "agent_name": "Ada", "time_zone": "America/New_York", "today": "2026-03-01"}', 'of somebody nobody knows nothing');
select matches((select private.call_variables(c, pg_temp.agent('{"language": "de-AT"}'), '2026-03-02 02:30+00') from public.calls c where c.id = :'withheld') ->> 'now',
    '^Sonntag.*21:30', 'the time as it is said in the agent''s language');

select * from finish();
rollback;

begin;
set local search_path = pg_catalog, extensions, pg_temp;
select plan(40);

select tests.org('Smile') as org, tests.org('Grin') as other \gset
select tests.admin(:'org') as admin, tests.user(:'org', 'manager') as manager, tests.user(:'org') as member, tests.admin(:'other') as stranger,
       tests.api_key(:'org', '{agents:read}') as reader, tests.api_key(:'org', '{agents:write}') as writer \gset

-- Made.
select tests.as_user(:'manager');
select to_jsonb(a) as made from public.create_agent('{"name": "  Front   desk ", "direction": "inbound", "first_message": " Hello. ", "voicemail_message": " "}') as a \gset
select :'made'::jsonb ->> 'id' as agent \gset
select is(:'made'::jsonb ->> 'name', 'Front desk', 'a name is tidied');
select is(:'made'::jsonb ->> 'first_message', 'Hello.', 'so are sentences');
select is(:'made'::jsonb ->> 'voicemail_message', null, 'and an empty one is none');
select is((:'made'::jsonb - array['org_id', 'id', 'created_at', 'updated_at', 'name', 'first_message', 'vapi_phone_number_id']), '{
    "direction": "inbound", "vapi_assistant_id": null, "system_prompt": "", "voice_provider": null, "voice_id": null, "model_provider": null, "model": null,
    "language": "en-GB", "temperature": 0.70, "max_call_seconds": 600, "silence_timeout_seconds": 30, "transfer_number": null, "voicemail_message": null,
    "recording_enabled": true, "recording_consent_text": null, "business_hours": {}, "is_active": true, "version": 1, "tools_status": "pending",
    "synced_version": null, "synced_at": null, "sync_error": null, "deleted_at": null}'::jsonb, 'what is not said is as usual');
select tests.as_owner();
select is(e.payload, jsonb_build_object('org_id', :'org', 'agent_id', :'agent'), 'its assistant is ordered at once') from private.effects e where e.queue_key = 'agent:' || :'agent';
select is(count(*), 1::bigint, 'and screens hear of it') from private.events e where e.org_id = :'org' and e.kind = 'agent.saved';
select is(count(*), 0::bigint, 'nothing was before it') from public.agent_versions v where v.org_id = :'org';

-- By whom.
select tests.as_user(:'member');
select tests.throws_code($$select public.create_agent('{"name": "A", "direction": "inbound"}')$$, 'role_too_low');
select is((select array_agg(a.name) from public.list_agents() as a), array['Front desk'], 'everybody of the organisation sees its agents');
select is((public.get_agent(:'agent')).name, 'Front desk', 'and one of them');
select tests.as_api_key(:'reader');
select is((public.get_agent(:'agent')).name, 'Front desk', 'so does a key that may read agents');
select tests.throws_code($$select public.create_agent('{"name": "A", "direction": "inbound"}')$$, 'scope_missing');
select tests.as_api_key(:'writer');
select is((public.create_agent('{"name": "By key", "direction": "outbound"}')).name, 'By key', 'a key that may write them makes one');
select tests.throws_code(format('select public.get_agent(%L)', :'agent'), 'scope_missing');
select tests.as_user(:'stranger');
select is((select array_agg(a.name) from public.list_agents() as a), null, 'nobody else sees them');
select tests.throws_code(format('select public.get_agent(%L)', :'agent'), 'agent_not_found');
select tests.throws_code(format('select public.list_agent_versions(%L)', :'agent'), 'agent_not_found');

-- What cannot be.
select tests.as_user(:'admin');
create function pg_temp.refused(p_settings text, p_code text) returns text language sql as $$
    select tests.throws_code(format('select public.create_agent(%L)', '{"name": "A", "direction": "inbound"}'::jsonb || p_settings::jsonb), p_code, p_settings || ' is ' || p_code); $$;
select pg_temp.refused('{"name": "  "}', 'invalid_value');
select pg_temp.refused('{"name": null}', 'invalid_value');
select pg_temp.refused('{"direction": "sideways"}', 'invalid_value');
select pg_temp.refused('{"version": 7}', 'unknown_field');
select pg_temp.refused('{"vapi_assistant_id": "x"}', 'unknown_field');
select pg_temp.refused('{"temperature": 2.01}', 'invalid_value');
select pg_temp.refused('{"max_call_seconds": 9}', 'invalid_value');
select pg_temp.refused('{"max_call_seconds": 43201}', 'invalid_value');
select pg_temp.refused('{"silence_timeout_seconds": 1001}', 'invalid_value');
select pg_temp.refused('{"language": "xx"}', 'language_unknown');
select pg_temp.refused('{"voice_provider": "vapi"}', 'invalid_value');
select pg_temp.refused('{"voice_provider": "vapi", "voice_id": "Nobody"}', 'voice_unknown');
select pg_temp.refused('{"model": "gpt-4.1"}', 'invalid_value');
select pg_temp.refused('{"model_provider": "openai", "model": "claude-sonnet-4-6"}', 'model_unknown');
select pg_temp.refused('{"transfer_number": "020 7946 0000"}', 'phone_number_invalid');
select pg_temp.refused('{"transfer_number": "+449098790000"}', 'premium_number');
select pg_temp.refused('{"business_hours": {"monday": []}}', 'invalid_value');
select pg_temp.refused('{"vapi_phone_number_id": "pn-of-nobody"}', 'agent_number_unknown');
select pg_temp.refused(jsonb_build_object('voicemail_message', repeat('a', 1001))::text, 'invalid_value');
select tests.throws_code($$select public.create_agent('{"name": "A"}')$$, 'invalid_value', 'a direction is said');
select lives_ok($$select public.create_agent('{"name": "B", "direction": "inbound", "voice_provider": "11labs", "voice_id": "sarah", "model_provider": "anthropic",
    "model": "claude-sonnet-4-6", "language": "de-CH", "transfer_number": "+442079460000", "business_hours": {"mon": [["09:00", "12:00"], ["13:00", "24:00"]], "sun": []}}')$$, 'all there is to choose');

-- As many as an organisation can have.
select tests.as_owner();
insert into public.agents (org_id, name, direction) select :'org', 'Many', 'outbound' from generate_series(1, 47);
select tests.as_user(:'admin');
select tests.throws_code($$select public.create_agent('{"name": "A", "direction": "inbound"}')$$, 'too_many_agents');
select tests.as_owner();
update public.agents a set deleted_at = now(), is_active = false where a.org_id = :'org' and a.name = 'Many';
select tests.as_user(:'admin');
select lives_ok($$select public.create_agent('{"name": "A", "direction": "inbound"}')$$, 'a deleted one leaves room');

select tests.as_owner();
select * from finish();
rollback;

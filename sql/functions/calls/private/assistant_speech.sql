-- How an agent listens, thinks and speaks, in Vapi's words. Who says nothing of a model or a voice gets the usual one. That a
-- call is recorded is said first.
create or replace function private.assistant_speech(p_agent public.agents, p_tools jsonb)
returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'transcriber', l.transcriber,
        'model', jsonb_build_object(
            'provider', m.provider, 'model', m.model, 'temperature', p_agent.temperature,
            'messages', jsonb_build_array(jsonb_build_object(
                'role', 'system', 'content', private.assistant_prompt(p_agent, l.name, p_tools)))),
        'voice', jsonb_build_object('provider', v.provider, 'voiceId', v.voice_id) || v.options,
        'firstMessage', f.said,
        'firstMessageMode', case when f.said is null then 'assistant-speaks-first-with-model-generated-message'
                                 else 'assistant-speaks-first' end,
        'voicemailMessage', p_agent.voicemail_message,
        'voicemailDetection', case when p_agent.direction = 'outbound' then '{"provider": "vapi"}'::jsonb else '"off"' end)
    from (select nullif(concat_ws(
        ' ', case when p_agent.recording_enabled then p_agent.recording_consent_text end, p_agent.first_message), '')) as f (said)
    left join public.agent_languages l on l.language = p_agent.language
    left join public.agent_models m
        on case when p_agent.model is null then m.is_default
                else m.provider = p_agent.model_provider and m.model = p_agent.model end
    left join public.voices v
        on case when p_agent.voice_id is null then v.is_default
                else v.provider = p_agent.voice_provider and v.voice_id = p_agent.voice_id end;
$$;

revoke execute on function private.assistant_speech(public.agents, jsonb)
    from public, anon, authenticated, service_role;

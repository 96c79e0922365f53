-- What an agent's calls obey and leave behind, in Vapi's words: how long they last, when silence ends them, what is recorded,
-- and what we are told of them. Calls must be ours to end at any moment: their control stays on.
create or replace function private.assistant_conduct(p_agent public.agents)
returns jsonb
language sql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'maxDurationSeconds', p_agent.max_call_seconds,
        'hooks', jsonb_build_array(jsonb_build_object(
            'name', 'voxanne:silence', 'on', 'customer.speech.timeout',
            'options', jsonb_build_object('timeoutSeconds', least(p_agent.silence_timeout_seconds, 1000), 'triggerMaxCount', 1),
            'do', '[{"type": "tool", "tool": {"type": "endCall"}}]'::jsonb)),
        'artifactPlan', jsonb_build_object('recordingEnabled', p_agent.recording_enabled),
        'monitorPlan', '{"controlEnabled": true, "controlAuthenticationEnabled": false}'::jsonb,
        'serverMessages', '["status-update", "end-of-call-report", "tool-calls", "transfer-destination-request", "hang",
                            "transcript[transcriptType=\"final\"]"]'::jsonb,
        'metadata', jsonb_build_object('org_id', p_agent.org_id, 'agent_id', p_agent.id),
        'analysisPlan', '{"summaryPlan": {"enabled": true}, "structuredDataPlan": {"enabled": true, "timeoutSeconds": 10,
            "schema": {"type": "object", "properties": {
                "sentiment_label": {"type": "string", "enum": ["positive", "neutral", "negative"],
                    "description": "How the caller felt about the call on the whole."},
                "sentiment_score": {"type": "number", "description": "The same from 0, as bad as can be, to 1, as good as can be."},
                "sentiment_summary": {"type": "string", "description": "One short sentence that says why."},
                "sentiment_urgency": {"type": "string", "enum": ["low", "medium", "high", "critical"],
                    "description": "How soon the caller needs help. Critical is danger to life or limb."},
                "caller_name": {"type": "string", "description": "What the caller is called, if they said so."}},
                "required": ["sentiment_label", "sentiment_score", "sentiment_summary", "sentiment_urgency"]}}}'::jsonb);
$$;

revoke execute on function private.assistant_conduct(public.agents) from public, anon, authenticated, service_role;

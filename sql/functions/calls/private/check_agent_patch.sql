-- Whether these are things that can be said of an agent. The direction is said once, when the agent is made.
--
-- Raises 422 unknown_field, 422 invalid_value.
create or replace function private.check_agent_patch(p_patch jsonb, p_new boolean)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.check_patch(p_patch, '{
        "name": "string", "vapi_phone_number_id": "string?", "system_prompt": "string", "first_message": "string?",
        "voice_provider": "string?", "voice_id": "string?", "model_provider": "string?", "model": "string?",
        "language": "string", "temperature": "number", "max_call_seconds": "number", "silence_timeout_seconds": "number",
        "transfer_number": "string?", "voicemail_message": "string?", "recording_enabled": "boolean",
        "recording_consent_text": "string?", "business_hours": "object", "is_active": "boolean"}'::jsonb
        || case when p_new then '{"direction": "string"}' else '{}' end::jsonb);
end
$$;

revoke execute on function private.check_agent_patch(jsonb, boolean) from public, anon, authenticated, service_role;

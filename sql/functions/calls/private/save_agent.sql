-- Saves an agent as it is to be; as it was is kept as a version, with who changed it and when. Nothing changed is nothing saved.
-- The assistant at Vapi follows by an effect.
--
-- Locks: the caller holds the mapping and the agent; other agents that lose or get a number; then enqueues.
--
-- Raises 400 phone_number_invalid, 422 premium_number, 422 invalid_value, 422 voice_unknown, 422 model_unknown,
-- 422 language_unknown, 422 agent_number_unknown.
create or replace function private.save_agent(
    p_old public.agents, p_new public.agents, p_saved_by uuid, p_now timestamptz)
returns public.agents
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_new public.agents := private.tidy_agent(p_new);
    v_saved public.agents;
begin
    if private.agent_settings(v_new) = private.agent_settings(p_old) then
        return p_old;
    end if;
    perform private.check_agent(v_new);
    insert into public.agent_versions (org_id, agent_id, version, settings, saved_by, created_at)
    values (p_old.org_id, p_old.id, p_old.version, private.agent_settings(p_old), p_saved_by, p_now);
    update public.agents a set
        name = v_new.name, vapi_phone_number_id = v_new.vapi_phone_number_id, system_prompt = v_new.system_prompt,
        first_message = v_new.first_message, voice_provider = v_new.voice_provider, voice_id = v_new.voice_id,
        model_provider = v_new.model_provider, model = v_new.model, language = v_new.language,
        temperature = v_new.temperature, max_call_seconds = v_new.max_call_seconds,
        silence_timeout_seconds = v_new.silence_timeout_seconds, transfer_number = v_new.transfer_number,
        voicemail_message = v_new.voicemail_message, recording_enabled = v_new.recording_enabled,
        recording_consent_text = v_new.recording_consent_text, business_hours = v_new.business_hours,
        is_active = v_new.is_active, version = a.version + 1, tools_status = 'pending', sync_error = null, updated_at = p_now
    where a.org_id = p_old.org_id and a.id = p_old.id
    returning a.* into v_saved;
    return private.agent_saved(v_saved, p_now);
end
$$;

revoke execute on function private.save_agent(public.agents, public.agents, uuid, timestamptz)
    from public, anon, authenticated, service_role;

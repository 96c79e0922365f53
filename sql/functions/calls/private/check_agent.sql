-- Whether an agent can be as it is said to be. Voices, models and languages are those we know Vapi to have.
--
-- Raises 400 phone_number_invalid, 422 premium_number, 422 invalid_value, 422 voice_unknown, 422 model_unknown,
-- 422 language_unknown, 422 agent_number_unknown.
create or replace function private.check_agent(p_agent public.agents)
returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Vapi's limits, where they are narrower than our columns.
    c_longest_said constant integer := 1000;
    c_longest_silence constant integer := 1000;
    v_field text := case
        when private.label(p_agent.name) is null or length(p_agent.name) > 200 then 'name'
        when p_agent.direction is null or p_agent.direction not in ('inbound', 'outbound') then 'direction'
        when length(p_agent.system_prompt) > 100000 then 'system_prompt'
        when length(p_agent.first_message) > 2000 then 'first_message'
        when length(p_agent.voicemail_message) > c_longest_said then 'voicemail_message'
        when length(p_agent.recording_consent_text) > c_longest_said then 'recording_consent_text'
        when p_agent.temperature not between 0 and 2 then 'temperature'
        when p_agent.max_call_seconds not between 10 and 43200 then 'max_call_seconds'
        when p_agent.silence_timeout_seconds not between 10 and c_longest_silence then 'silence_timeout_seconds'
        when (p_agent.voice_provider is null) <> (p_agent.voice_id is null) then 'voice_id'
        when (p_agent.model_provider is null) <> (p_agent.model is null) then 'model'
    end;
begin
    if v_field is not null then
        perform private.fail('invalid_value', jsonb_build_object('field', v_field));
    end if;
    perform private.check_hours(p_agent.business_hours, 'business_hours');
    if p_agent.transfer_number is not null then
        perform private.check_phone_number(p_agent.transfer_number);
    end if;
    if not exists (select from public.agent_languages l where l.language = p_agent.language) then
        perform private.fail('language_unknown');
    elsif p_agent.voice_id is not null and not exists (
        select from public.voices v where v.provider = p_agent.voice_provider and v.voice_id = p_agent.voice_id)
    then
        perform private.fail('voice_unknown');
    elsif p_agent.model is not null and not exists (
        select from public.agent_models m where m.provider = p_agent.model_provider and m.model = p_agent.model)
    then
        perform private.fail('model_unknown');
    elsif p_agent.vapi_phone_number_id is not null and not private.may_speak_through(p_agent) then
        perform private.fail('agent_number_unknown');
    end if;
end
$$;

revoke execute on function private.check_agent(public.agents) from public, anon, authenticated, service_role;

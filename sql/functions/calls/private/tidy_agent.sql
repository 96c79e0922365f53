-- An agent as it is kept: a name that is one, and no empty sentences.
create or replace function private.tidy_agent(p_agent public.agents)
returns public.agents
language plpgsql immutable security invoker
set search_path = pg_catalog, pg_temp
as $$
declare
    c_blank constant text := E' \t\r\n';
    v_agent public.agents := p_agent;
begin
    v_agent.name := coalesce(private.label(p_agent.name, 1000), '');
    v_agent.first_message := nullif(btrim(p_agent.first_message, c_blank), '');
    v_agent.voicemail_message := nullif(btrim(p_agent.voicemail_message, c_blank), '');
    v_agent.recording_consent_text := nullif(btrim(p_agent.recording_consent_text, c_blank), '');
    v_agent.transfer_number := nullif(p_agent.transfer_number, '');
    v_agent.vapi_phone_number_id := nullif(p_agent.vapi_phone_number_id, '');
    return v_agent;
end
$$;

revoke execute on function private.tidy_agent(public.agents) from public, anon, authenticated, service_role;

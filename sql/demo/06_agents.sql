-- Who answers at the demo clinic, and who calls its patients back. Their assistants at Vapi follow as after any save.
do $$
declare
    v_org_id constant uuid := (select p.org_id from public.profiles p where p.email = 'demo@voxanne.test');
    v_agent public.agents;
begin
    for v_agent in
        insert into public.agents (
            org_id, name, direction, system_prompt, first_message, recording_consent_text, voicemail_message, transfer_number)
        values
            (v_org_id, 'Reception', 'inbound',
             'You are the receptionist of {{clinic_name}}. You are warm and brief, and never give medical advice.',
             'Good day, you have reached the Demo Clinic. How can I help?', 'This call is recorded.', null, '+442079460123'),
            (v_org_id, 'Call-backs', 'outbound',
             'You call patients of {{clinic_name}} back. Say who you are and why you call, and offer an appointment.',
             'Hello, this is the Demo Clinic calling you back.', 'This call is recorded.',
             'This is the Demo Clinic. Please call us back when it suits you.', null)
        returning *
    loop
        perform private.agent_saved(v_agent, now());
    end loop;
end
$$;

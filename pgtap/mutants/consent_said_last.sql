-- That a call is recorded is said after the greeting.
--
-- Caught by: pgtap/calls/assistant_wish.sql
select tests.patch('private.assistant_speech', $old$' ', case when p_agent.recording_enabled then p_agent.recording_consent_text end, p_agent.first_message)$old$, $new$' ', p_agent.first_message, case when p_agent.recording_enabled then p_agent.recording_consent_text end)$new$);

-- A number that is given to an agent goes on ringing for the one before.
--
-- Caught by: pgtap/calls/delete_agent.sql
select tests.patch('private.answer_number', $old$update public.phone_number_mapping m set agent_id = p_agent.id
$old$, $new$update public.phone_number_mapping m set agent_id = m.agent_id
$new$);

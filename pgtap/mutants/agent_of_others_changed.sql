-- An agent is found by its id alone.
--
-- Caught by: pgtap/calls/update_agent.sql
select tests.patch('private.lock_agent', $old$where a.org_id = p_org_id and a.id = p_agent_id and$old$, $new$where a.id = p_agent_id and$new$);

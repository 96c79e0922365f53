-- A save that changes nothing is a version all the same.
--
-- Caught by: pgtap/calls/update_agent.sql
select tests.patch('private.save_agent', $old$private.agent_settings(v_new) = private.agent_settings(p_old)$old$, $new$false$new$);

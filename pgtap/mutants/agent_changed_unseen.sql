-- Whoever changes what somebody else has changed meanwhile is not told.
--
-- Caught by: pgtap/calls/update_agent.sql
select tests.patch('private.lock_agent', $old$elsif v_agent.version <> p_version then$old$, $new$elsif false then$new$);

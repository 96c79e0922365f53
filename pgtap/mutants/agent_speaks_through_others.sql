-- An agent is given whichever number there is.
--
-- Caught by: pgtap/calls/delete_agent.sql
select tests.patch('private.may_speak_through', $old$where c.org_id = p_agent.org_id and c.is_active$old$, $new$where c.is_active$new$);

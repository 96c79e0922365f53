-- The number of a deleted agent rings for nobody.
--
-- Caught by: pgtap/calls/delete_agent.sql
select tests.patch('private.delete_agent', $old$    perform private.link_agents(v_agent.org_id, p_now);
$old$, $new$$new$);

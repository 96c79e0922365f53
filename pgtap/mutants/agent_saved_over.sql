-- An agent is saved over what it was.
--
-- Caught by: pgtap/calls/update_agent.sql
select tests.patch('private.save_agent', $old$    insert into public.agent_versions (org_id, agent_id, version, settings, saved_by, created_at)
    values (p_old.org_id, p_old.id, p_old.version, private.agent_settings(p_old), p_saved_by, p_now);
$old$, $new$$new$);

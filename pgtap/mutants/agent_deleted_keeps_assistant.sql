-- A deleted agent keeps its assistant.
--
-- Caught by: pgtap/calls/delete_agent.sql
select tests.patch('private.delete_agent', $old$p_kind => 'vapi.drop_assistant'$old$, $new$p_kind => 'vapi.sync_assistant'$new$);

-- An assistant of another organisation becomes this ones.
--
-- Caught by: pgtap/calls/assistant_synced.sql
select tests.patch('private.assistant_synced', $old$        perform private.own_outside('vapi_assistant', p_result ->> 'vapi_assistant_id', v_org_id);
$old$, $new$$new$);

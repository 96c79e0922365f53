-- A tool that Vapi lost is not missed.
--
-- Caught by: pgtap/calls/assistant_synced.sql
select tests.patch('private.assistant_synced', $old$        perform private.register_again(p_result -> 'missing', v_now);
$old$, $new$$new$);

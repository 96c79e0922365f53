-- The call that checks a forwarding is answered by the agent.
--
-- Caught by: pgtap/calls/line_refusal.sql
select tests.patch('private.admit_call', $old$private.is_forwarding_check(v_org_id, private.caller_number(p_message), p_now)$old$, $new$false$new$);

-- The number to forward to loses its +.
--
-- Caught by: pgtap/telephony/generate_forwarding_codes.sql
select tests.patch('private.forwarding_codes', $old$replace(v_rule.total_ai_on, 'DEST', p_destination)$old$, $new$replace(v_rule.total_ai_on, 'DEST', ltrim(p_destination, '+'))$new$);

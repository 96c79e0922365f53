-- A carrier is asked for a ring time between its steps.
--
-- Caught by: pgtap/telephony/generate_forwarding_codes.sql
select tests.patch('private.forwarding_codes', $old$ or v_ring % v_rule.ring_step <> 0$old$, $new$$new$);

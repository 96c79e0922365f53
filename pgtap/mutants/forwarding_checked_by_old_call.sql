-- A check of the old forwarding speaks of the new one.
--
-- Caught by: pgtap/telephony/check_forwarding.sql
select tests.patch('private.forwarding_check_placed', $old$
      and f.check_effect_id = (p_effect ->> 'id')::uuid$old$, $new$$new$);

-- A number can be given back before everybody has taken it.
--
-- Caught by: pgtap/telephony/claim_direction.sql
select tests.patch('private.release_number', $old$ or private.number_is_busy(v_caller.org_id, v_number.id)$old$, $new$$new$);

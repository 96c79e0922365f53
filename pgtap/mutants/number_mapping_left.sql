-- A number that was given back still leads calls to the organisation.
--
-- Caught by: pgtap/telephony/release_number.sql
select tests.patch('private.unlink_number', $old$m.phone_number = p_phone_number and m.org_id = p_org_id$old$, $new$false$new$);

-- A clinic calls another clinic's contact.
--
-- Caught by: pgtap/calls/place_call.sql
select tests.patch('private.call_back', $old$where c.org_id = v_caller.org_id and c.id = p_contact_id$old$, $new$where c.id = p_contact_id$new$);

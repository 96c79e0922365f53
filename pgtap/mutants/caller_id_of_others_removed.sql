-- Another organisations number can be removed.
--
-- Caught by: pgtap/telephony/remove_caller_id.sql
select tests.patch('private.remove_caller_id', $old$c.org_id = p_org_id and (c.id = p_id$old$, $new$(c.id = p_id$new$);

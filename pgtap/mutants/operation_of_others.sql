-- An organisation sees how another's operation went.
--
-- Caught by: pgtap/platform/get_operation.sql
select tests.patch('private.get_operation', $old$where e.id = p_id and e.org_id = v_caller.org_id$old$, $new$where e.id = p_id$new$);

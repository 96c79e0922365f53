-- Pages of the audit overlap.
--
-- Caught by: pgtap/tenancy/list_audit_logs.sql
select tests.patch('public.list_audit_logs', $old$(l.created_at, l.id) < (v_after.at, v_after.id)$old$, $new$(l.created_at, l.id) <= (v_after.at, v_after.id)$new$);

-- Erasing a person leaves them in the audit.
--
-- Caught by: pgtap/tenancy/erase_personal_data.sql
update private.personal_data set how = 'keep', found_by = null where table_name = 'public.audit_logs';

-- PUBLIC may execute a definer function.
--
-- Caught by: pgtap/catalogue/rights.sql
grant execute on function private.record_security_event to public;

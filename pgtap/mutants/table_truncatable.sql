-- A client may empty a table, past its policies.
--
-- Caught by: pgtap/catalogue/rights.sql
grant truncate on public.services to authenticated;

-- A client may write one column.
--
-- Caught by: pgtap/catalogue/rights.sql
grant update (role) on public.profiles to authenticated;

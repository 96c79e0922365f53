-- The owner's functions pass the policies of a table.
--
-- Caught by: pgtap/catalogue/policies.sql
alter table public.services no force row level security;

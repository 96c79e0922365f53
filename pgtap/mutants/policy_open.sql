-- A table shows every organisation's rows.
--
-- Caught by: pgtap/catalogue/rls_isolation.sql
drop policy services_select_member on public.services;
create policy services_select_member on public.services for select to authenticated using (true);

-- Every member reads every ledger.
--
-- Caught by: pgtap/billing/credit_transactions.sql
drop policy credit_transactions_select_member on public.credit_transactions;
create policy credit_transactions_select_member on public.credit_transactions for select to authenticated using (true);

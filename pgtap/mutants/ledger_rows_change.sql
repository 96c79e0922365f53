-- The ledger can be rewritten and emptied.
--
-- Caught by: pgtap/billing/credit_transactions.sql
drop trigger append_only on public.credit_transactions;
drop trigger append_only_truncate on public.credit_transactions;

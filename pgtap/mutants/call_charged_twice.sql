-- A call may have two deductions.
--
-- Caught by: pgtap/billing/post_entry.sql
drop index public.credit_transactions_one_charge_a_call;

-- More lines than one CSV holds are left out without a word.
--
-- Caught by: pgtap/billing/wallet_transactions_csv.sql
select tests.patch('public.wallet_transactions_csv', $old$if cardinality(v_lines) > c_most$old$, $new$if false$new$);

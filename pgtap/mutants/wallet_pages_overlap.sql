-- Pages of the ledger overlap.
--
-- Caught by: pgtap/billing/list_wallet_transactions.sql
select tests.patch('public.list_wallet_transactions', $old$t.seq < v_before$old$, $new$t.seq <= v_before$new$);

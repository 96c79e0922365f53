-- Takes a ledger for whole as long as its numbers grow.
--
-- Caught by: pgtap/billing/reconcile_ledger.sql
select tests.patch('private.reconcile_ledger', $old$count(*) filter (where w.seq <> w.seq_before + 1)$old$, $new$count(*) filter (where w.seq <= w.seq_before)$new$);

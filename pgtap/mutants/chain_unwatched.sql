-- Takes the previous row's hash out of the question whether a row's own is right.
--
-- Caught by: pgtap/billing/reconcile_ledger.sql
select tests.patch('private.reconcile_ledger', $old$private.entry_hash(lag(t.entry_hash) over w, t)$old$, $new$t.entry_hash$new$);

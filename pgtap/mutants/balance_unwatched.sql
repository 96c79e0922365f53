-- Believes a balance that is higher than the ledger's.
--
-- Caught by: pgtap/billing/reconcile_ledger.sql
select tests.patch('private.reconcile_ledger', $old$coalesce(w.balance_pence, 0) - l.pence, null)$old$, $new$least(coalesce(w.balance_pence, 0) - l.pence, 0), null)$new$);

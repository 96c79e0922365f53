-- Compares what was posted with the bill alone, and not with the evidence.
--
-- Caught by: pgtap/billing/reconcile_calls.sql
select tests.patch('private.reconcile_calls', $old$coalesce(c.pence, b.committed_pence)$old$, $new$b.committed_pence$new$);

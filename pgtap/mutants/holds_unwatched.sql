-- Counts what ended calls once held as held.
--
-- Caught by: pgtap/billing/reconcile_holds.sql
select tests.patch('private.reconcile_holds', $old$filter (where r.status = 'active'), 0)$old$, $new$, 0)$new$);

-- Takes a refund that went back further than posted for right.
--
-- Caught by: pgtap/billing/reconcile_refunds.sql
select tests.patch('private.reconcile_refunds', $old$coalesce(r.pence, 0) <> coalesce(p.refunded_pence, 0)$old$, $new$coalesce(r.pence, 0) > coalesce(p.refunded_pence, 0)$new$);

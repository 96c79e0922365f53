-- Ends the nightly round where its first step ran out of time.
--
-- Caught by: pgtap/billing/reconcile_wallets.sql
select tests.patch('private.reconcile_from', $old$p_after is null or o.id > p_after$old$, $new$p_after is null$new$);

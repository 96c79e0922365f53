-- A transaction that waited writes a row older than the last.
--
-- Caught by: pgtap/billing/post_entry.sql
select tests.patch('private.post_entry', $old$greatest(p_now, v_wallet.last_entry_at))$old$, $new$p_now)$new$);

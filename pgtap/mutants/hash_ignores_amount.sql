-- The chain does not cover the amount.
--
-- Caught by: pgtap/billing/entry_hash.sql
select tests.patch('private.entry_hash', $old$p_entry.type, p_entry.amount_pence,$old$, $new$p_entry.type, 0,$new$);

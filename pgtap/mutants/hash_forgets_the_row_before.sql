-- Each row's hash stands for itself, and no row is missed.
--
-- Caught by: pgtap/billing/entry_hash.sql
select tests.patch('private.post_entry',
    $old$private.entry_hash(v_wallet.last_entry_hash, v_entry)$old$,
    $new$private.entry_hash(null, v_entry)$new$);

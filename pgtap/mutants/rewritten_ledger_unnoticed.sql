-- Takes any row in a head's place for the one that was there.
--
-- Caught by: pgtap/billing/check_heads.sql
select tests.patch('private.check_heads', $old$encode(t.entry_hash, 'hex') is distinct from h.hash$old$, $new$t.entry_hash is null$new$);

-- A statement opens with a balance that has its own first moment in it.
--
-- Caught by: pgtap/billing/wallet_statement.sql
select tests.patch('private.wallet_statement', $old$t.created_at < lower(v_period)$old$, $new$t.created_at <= lower(v_period)$new$);

-- Net is rounded by itself and not what the tax leaves.
--
-- Caught by: pgtap/billing/statement_vat.sql
select tests.patch('private.statement_vat', $old$u.gross - t.vat, t.vat)$old$, $new$ceil(u.gross * 100 / (100 + u.percent))::bigint, t.vat)$new$);

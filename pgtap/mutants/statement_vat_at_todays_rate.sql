-- All that was used is taxed at the newest rate, whenever it was used.
--
-- Caught by: pgtap/billing/statement_vat.sql
select tests.patch('private.statement_vat', $old$where v.effective_from <= e.created_at$old$, $new$where v.effective_from <= now() + interval '1 year'$new$);

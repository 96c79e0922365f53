-- Measures how late hang-ups were over those alone that were early.
--
-- Caught by: pgtap/billing/measure_billing.sql
select tests.patch('private.measure_billing', $old$greatest(extract(epoch from r.end_issued_at - r.end_due_at), 0) end$old$, $new$least(extract(epoch from r.end_issued_at - r.end_due_at), 0) end$new$);

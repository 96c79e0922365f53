-- A description that begins like a formula goes into the CSV as it is.
--
-- Caught by: pgtap/billing/csv_text.sql
select tests.patch('private.csv_text', $old$'^[-=+@\t\r\n]'$old$, $new$'^[=]'$new$);

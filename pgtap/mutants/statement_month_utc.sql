-- A statement's month begins at UTC's midnight.
--
-- Caught by: pgtap/billing/statement_period.sql
select tests.patch('private.statement_period', $old$'Europe/London'$old$, $new$'UTC'$new$);

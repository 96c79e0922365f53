-- The month that money is counted in is not London's.
--
-- Caught by: pgtap/billing/london_month.sql pgtap/billing/monthly_cap.sql
select tests.patch('private.london_month', $old$'Europe/London'$old$, $new$'UTC'$new$);

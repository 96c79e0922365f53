-- A quarter that changes is added to its month, and what it was before stays there as well.
--
-- Caught by: pgtap/calls/call_counts.sql
select tests.patch('private.count_months', $old$private.add_to_month(old, -1)$old$, $new$private.add_to_month(old, 0)$new$);

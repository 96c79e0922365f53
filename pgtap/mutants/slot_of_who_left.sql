-- Who sees nobody any more has slots.
--
-- Caught by: pgtap/clinic/check_availability.sql
select tests.patch('private.opening_spans', $old$ and p.is_active$old$, $new$$new$);

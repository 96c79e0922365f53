-- A clinic that is closed has slots.
--
-- Caught by: pgtap/clinic/check_availability.sql
select tests.patch('private.diary', $old$ - coalesce(all_closed.days, '{}')$old$, $new$$new$);

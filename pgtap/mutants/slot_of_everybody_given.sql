-- What was booked before there were practitioners is in nobody's way.
--
-- Caught by: pgtap/clinic/check_availability.sql
select tests.patch('private.diary', $old$coalesce(all_taken.busy, '{}') + $old$, $new$$new$);

-- A cancelled appointment takes its time.
--
-- Caught by: pgtap/clinic/check_availability.sql
select tests.patch('private.busy_times', $old$a.status in ('scheduled', 'confirmed')$old$, $new$a.status <> 'completed'$new$);

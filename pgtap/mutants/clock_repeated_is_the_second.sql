-- Of a time that comes twice the second is meant.
--
-- Caught by: pgtap/clinic/clinic_time.sql pgtap/clinic/free_slots.sql
select tests.patch('private.instant_of', $old$v_earlier < v_later$old$, $new$false$new$);

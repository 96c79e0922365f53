-- A time that the clocks skip is another.
--
-- Caught by: pgtap/clinic/clinic_time.sql pgtap/clinic/instant_of.sql
select tests.patch('private.instant_of', $old$elsif (v_later at time zone p_zone) = p_local then$old$, $new$else$new$);

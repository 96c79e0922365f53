-- The clinic's hours are read on another clock.
--
-- Caught by: pgtap/clinic/escalation_of.sql
select tests.patch('private.escalation_of', $old$private.is_within_hours(r.hours, v_zone, p_now)$old$, $new$r.hours = '{}'$new$);

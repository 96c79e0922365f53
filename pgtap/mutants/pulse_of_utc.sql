-- Today begins at midnight of UTC, wherever the clinic is.
--
-- Caught by: pgtap/calls/dashboard_pulse.sql
select tests.patch('private.pulse_period', $old$date_trunc('day', p_now at time zone v_zone)$old$, $new$date_trunc('day', p_now at time zone 'UTC')$new$);

-- Whoever said STOP is texted all the same.
--
-- Caught by: pgtap/clinic/send_sms.sql
select tests.patch('private.sms_trouble', $old$c.phone = p_to and c.sms_opt_out$old$, $new$c.phone = p_to and false$new$);

-- People are called at any hour.
--
-- Caught by: pgtap/calls/place_call.sql
select tests.patch('private.check_call_wish', $old$not private.is_within_hours(v_hours, v_zone, p_now)$old$, $new$false$new$);

-- People are called who asked not to be.
--
-- Caught by: pgtap/calls/place_call.sql
select tests.patch('private.check_call_wish', $old$c.phone = p_to and c.do_not_call$old$, $new$c.phone = p_to and false$new$);

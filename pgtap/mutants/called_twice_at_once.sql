-- Somebody is called while a call to them is under way.
--
-- Caught by: pgtap/calls/place_call.sql
select tests.patch('private.check_call_wish', $old$c.status in ('pending', 'in_progress')$old$, $new$c.status = 'nothing'$new$);

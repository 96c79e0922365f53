-- The operator gets every line of a flood.
--
-- Caught by: pgtap/platform/alert.sql
select tests.patch('private.alert', $old$a.last_sent_at <= p_now - interval '1 hour'$old$, $new$true$new$);

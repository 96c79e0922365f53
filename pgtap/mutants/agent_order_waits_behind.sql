-- A save waits behind what was to be looked at some night.
--
-- Caught by: pgtap/calls/update_agent.sql
select tests.patch('private.order_sync', $old$run_at = least(e.run_at, p_now)$old$, $new$run_at = e.run_at$new$);

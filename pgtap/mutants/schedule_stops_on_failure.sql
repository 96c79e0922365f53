-- A schedule that failed once never runs again.
--
-- Caught by: pgtap/platform/run_due_schedules.sql
select tests.patch('private.run_due_schedules', $old$next_run_at = private.next_schedule_at(v_due.schedule, v_due.due_at, p_now)$old$, $new$next_run_at = case when v_error is null then private.next_schedule_at(v_due.schedule, v_due.due_at, p_now) else 'infinity' end$new$);

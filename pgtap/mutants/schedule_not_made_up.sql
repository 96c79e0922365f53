-- A run missed while all servers were down is made up once for each time it was missed.
--
-- Caught by: pgtap/platform/run_due_schedules.sql
select tests.patch('private.next_schedule_at', $old$* (1 + floor(greatest(
            extract(epoch from p_now - p_due_at) / extract(epoch from p_schedule.every), 0)))$old$, $new$* (1 + floor(greatest(
            extract(epoch from p_due_at - p_due_at) / extract(epoch from p_schedule.every), 0)))$new$);

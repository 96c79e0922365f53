-- A call that nobody answered is completed.
--
-- Caught by: pgtap/calls/record_report.sql
select tests.patch('private.complete_record', $old$when not v_connected or $old$, $new$when not v_connected and $new$);

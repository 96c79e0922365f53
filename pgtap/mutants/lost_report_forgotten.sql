-- Nobody looks for a report that does not come.
--
-- Caught by: pgtap/calls/report_due.sql
select tests.patch('private.call_ended', $old$perform private.await_report(p_call.org_id, p_call.id, 0, p_now);$old$, $new$$new$);

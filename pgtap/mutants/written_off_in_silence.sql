-- A call is written off and nothing says so.
--
-- Caught by: pgtap/billing/write_off_call.sql
select tests.patch('private.write_off_call', $old$perform private.record_security_event($old$, $new$perform concat($new$);

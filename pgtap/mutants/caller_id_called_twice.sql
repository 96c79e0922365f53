-- A verification whose call is being ordered is ordered again.
--
-- Caught by: pgtap/telephony/begin_caller_id.sql
select tests.patch('private.begin_caller_id', $old$kind = 'twilio.request_caller_id'$old$, $new$kind = 'twilio.nothing'$new$);

-- A number that was on the customers list before us is taken off it.
--
-- Caught by: pgtap/telephony/remove_caller_id.sql
select tests.patch('private.remove_caller_id', $old$ and v_caller_id.twilio_call_sid is not null$old$, $new$$new$);

-- An appointment the contact had before counts as the call's.
--
-- Caught by: pgtap/calls/is_booked.sql
select tests.patch('private.appointment_of_call', $old$a.created_at between p_call.started_at and p_call.ended_at + interval '1 minute'$old$, $new$a.created_at <= p_call.ended_at + interval '1 minute'$new$);

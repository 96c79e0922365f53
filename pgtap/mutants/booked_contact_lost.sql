-- Whoever booked and rings again is lost.
--
-- Caught by: pgtap/calls/follow_up_lead.sql
select tests.patch('private.lead_status_after', $old$ and p_status <> 'booked'$old$, $new$$new$);

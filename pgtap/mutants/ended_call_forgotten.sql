-- A call released before its end was heard of is asked about no more, and so given away.
--
-- Caught by: pgtap/billing/silent_calls.sql
select tests.patch('private.next_poll_at', $old$coalesce(p_reservation.ended_rank, 0) <= coalesce(p_reservation.evidence_rank, 0)$old$, $new$true$new$);

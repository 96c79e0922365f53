-- What a dispute gives back is posted though it was not taken.
--
-- Caught by: pgtap/billing/stripe_dispute_event.sql
select tests.patch('private.settle_dispute', $old$v_dispute.withdrawn_at is null or $old$, $new$$new$);

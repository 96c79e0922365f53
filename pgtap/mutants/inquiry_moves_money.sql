-- A dispute takes the money as soon as it is opened, an inquiry too.
--
-- Caught by: pgtap/billing/stripe_dispute_event.sql
select tests.patch('private.stripe_dispute_event', $old$case when p_type = 'charge.dispute.funds_withdrawn' then p_now end$old$, $new$p_now$new$);

-- The sweep finds no hold that a deadline missed.
--
-- Caught by: pgtap/billing/sweep_organization.sql
select tests.patch('private.sweep_calls', $old$r.hold_ends_at <= p_now + interval '20 seconds'$old$, $new$false$new$);

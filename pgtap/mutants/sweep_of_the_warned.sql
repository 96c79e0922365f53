-- The sweep wakes every organisation whose call was warned and waits for its last deadline.
--
-- Caught by: pgtap/billing/sweep_organization.sql
select tests.patch('private.sweep_calls', $old$ and (r.warned_for is distinct from r.hold_ends_at or r.hold_ends_at <= p_now)$old$, $new$$new$);

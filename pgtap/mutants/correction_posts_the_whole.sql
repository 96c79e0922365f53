-- A correction charges the whole call again.
--
-- Caught by: pgtap/billing/commit_reserved_credits.sql
select tests.patch('private.settle_call',
    $old$:= v_due_pence - p_reservation.committed_pence;$old$,
    $new$:= v_due_pence;$new$);

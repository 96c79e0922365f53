-- A call of a length nobody knows is free.
--
-- Caught by: pgtap/billing/commit_reserved_credits.sql
select tests.patch('private.settle_call',
    $old$:= private.settled_seconds(p_reservation);$old$,
    $new$:= coalesce(private.settled_seconds(p_reservation), 0);$new$);

-- What a call did not use stays held.
--
-- Caught by: pgtap/billing/worked_example.sql
select tests.patch('private.settle_call',
    $old$set held_pence = w.held_pence - v_freed_pence$old$,
    $new$set held_pence = w.held_pence - least(v_freed_pence, v_due_pence)$new$);

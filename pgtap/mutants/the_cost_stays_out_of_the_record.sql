-- The ledger moves and the call's record does not say so.
--
-- Caught by: pgtap/calls/call_reported.sql
select tests.patch('private.settle_call', $old$and c.cost_cents <> v_due_pence$old$, $new$and false$new$);

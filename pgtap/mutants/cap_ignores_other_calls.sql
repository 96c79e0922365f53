-- Each call may use up the debt limit, as if there were no other.
--
-- Caught by: pgtap/billing/eight_calls.sql
select tests.patch('private.reserve_call_credits', $old$ - v_wallet.capped_pence);$old$, $new$);$new$);

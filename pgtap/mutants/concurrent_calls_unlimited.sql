-- As many calls at once as come.
--
-- Caught by: pgtap/billing/reserve_call_credits.sql
select tests.patch('private.reserve_call_credits', $old$>= v_wallet.max_concurrent_calls then$old$, $new$< 0 then$new$);

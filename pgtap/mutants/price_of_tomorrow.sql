-- A new price holds before its time.
--
-- Caught by: pgtap/billing/prices.sql pgtap/billing/rate_of_a_call.sql
select tests.patch('private.current_rate', $old$where r.effective_from <= p_now $old$, $new$$new$);
